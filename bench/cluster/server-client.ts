// A client of one server that records for the checker what it is answered.
import { setTimeout } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { ClusterChecker } from '../../src/services/kubernetes/check/cluster-checker.ts';
import type { Claim, CreateClaim } from '../../src/contract/claim.ts';
import type { CapacitySpec } from '../../src/contract/capacity-spec.ts';
import type { PoolResponse } from '../../src/contract/pool.ts';
import type { Child } from '../child.ts';
import { TEMPLATE } from './template.ts';

export const KEY = 'bench';
const POLL_MS = 50;
const EXHAUSTED = 'KUBERNETES::POOL_CAPACITY_EXHAUSTED';

export type BenchPool = { readonly name: string; readonly uid: string };

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type Response = { readonly status: number; readonly text: string };

export class Server {
  readonly #child: Child;
  readonly #checker: Pick<ClusterChecker, 'answered'>;
  readonly #agent = new Agent();

  constructor(child: Child, checker: Pick<ClusterChecker, 'answered'>) {
    this.#child = child;
    this.#checker = checker;
  }

  /** Resolves when the pool has as many members as its capacity asks for. */
  async createPool(name: string, capacitySpec: CapacitySpec): Promise<BenchPool> {
    const scaleStrategy = { maxUnavailable: '100%' };
    const pool = { name, template: TEMPLATE, capacitySpec, scaleStrategy };
    const { uid } = JSON.parse(await this.#expect(201, 'POST', '/v1/pools', pool)) as PoolResponse;
    await this.untilSettled(name, capacitySpec.bufferMin);
    return { name, uid };
  }

  async resize(name: string, capacitySpec: CapacitySpec): Promise<void> {
    await this.#expect(200, 'PUT', `/v1/pools/${name}`, { capacitySpec });
  }

  /** Resolves when so many members are available and the pool has no others. */
  async untilSettled(name: string, members: number): Promise<void> {
    for (;;) {
      const { status } = JSON.parse(await this.#expect(200, 'GET', `/v1/pools/${name}`)) as PoolResponse;
      if (status?.available === members && status.total === members) return;
      await setTimeout(POLL_MS);
    }
  }

  /** Undefined if the pool had no member for it. */
  async claim(pool: BenchPool, options: CreateClaim = {}, key?: string): Promise<Claim | undefined> {
    const more = key === undefined ? {} : { 'Idempotency-Key': key };
    const { status, text } = await this.#send('POST', `/v1/pools/${pool.name}/claims`, options, more);
    const at = Date.now();
    if (text.includes(EXHAUSTED)) {
      this.#checker.answered({ at, kind: 'refused', poolUid: pool.uid });
      return undefined;
    }
    if (status !== 201) throw new Error(`A claim was answered ${status}: ${text}`);
    const claim = JSON.parse(text) as Claim;
    const { id: claimId, poolUid, member } = claim;
    this.#checker.answered({ at, kind: 'claimed', claimId, pod: member.name, poolUid, key });
    return claim;
  }

  async release(claimId: string): Promise<void> {
    await this.#expect(204, 'DELETE', `/v1/claims/${claimId}`);
    this.#checker.answered({ at: Date.now(), kind: 'released', claimId });
  }

  async stop(): Promise<void> {
    await this.#agent.close();
    await this.#child.stop();
  }

  async #expect(status: number, method: Method, route: string, body?: object): Promise<string> {
    const response = await this.#send(method, route, body);
    if (response.status !== status) throw new Error(`${method} ${route}: ${response.status} ${response.text}`);
    return response.text;
  }

  async #send(method: Method, route: string, body?: object, more: Record<string, string> = {}): Promise<Response> {
    const headers = { 'OPEN-SANDBOX-API-KEY': KEY, 'Content-Type': 'application/json', ...more };
    const response = await request(this.#child.url + route, {
      method,
      dispatcher: this.#agent,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.statusCode, text: await response.body.text() };
  }
}
