// A bare client of the API server: one undici request whose response is read and dropped. Its pods are in a namespace of their own.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { ClusterAccess } from '../../test/cluster/kit/cluster-access.ts';
import { TEMPLATE } from './template.ts';

const POLL_MS = 100;
/** A scheduler that does not exist: its pods stay as they were created. */
export const NOBODY = 'nobody';

export class BareClient {
  readonly #agent: Agent;
  readonly #collection: string;
  readonly #authorization: string;

  private constructor(access: ClusterAccess, namespace: string) {
    const { folder, tokens } = access.description;
    this.#agent = new Agent({ connect: { ca: readFileSync(path.join(folder, 'pki/apiserver.crt')) } });
    this.#collection = `${access.url}/api/v1/namespaces/${namespace}/pods`;
    this.#authorization = `Bearer ${tokens.admin}`;
  }

  static async open(access: ClusterAccess, namespace: string): Promise<BareClient> {
    await access.kubectl('create', 'namespace', namespace);
    return new BareClient(access, namespace);
  }

  /** @param schedulerName Default: the scheduler of the cluster. */
  async create(name: string, group: string, schedulerName?: string): Promise<void> {
    const metadata = { name, labels: { group } };
    await this.#send('POST', '', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { ...TEMPLATE.spec, schedulerName },
    });
  }

  /** A merge patch of one annotation. */
  async patch(name: string, value: string): Promise<void> {
    await this.#send('PATCH', `/${name}`, { metadata: { annotations: { bench: value } } });
  }

  /** Deletes a pod as Warmpool does. It is there until its kubelet has ended it. */
  async delete(name: string): Promise<void> {
    await this.#send('DELETE', `/${name}`, {});
  }

  /** Resolves when the pods of a group are gone. */
  async deleteAll(group: string): Promise<void> {
    await this.#send('DELETE', `?labelSelector=group%3D${group}`, { gracePeriodSeconds: 0 });
    await this.untilGone(group);
  }

  async untilGone(group: string): Promise<void> {
    const selected = `?labelSelector=group%3D${group}`;
    while (!/"items":\s*\[\s*\]/.test(await this.#send('GET', `${selected}&limit=1`))) await setTimeout(POLL_MS);
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', place: string, body?: object): Promise<string> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const answer = await request(this.#collection + place, {
      method,
      dispatcher: this.#agent,
      headers: { Authorization: this.#authorization, 'Content-Type': type },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode > 299) throw new Error(`${method} pods${place}: ${text}`);
    return text;
  }
}
