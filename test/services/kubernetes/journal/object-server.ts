// An API server in memory, on the loopback: objects with versions, watches, and refusals as a test says.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { mergePatch } from '../../../../src/lib/merge-patch.ts';
import { ClusterConnection } from '../../../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../../../src/services/kubernetes/connection/kube-config.ts';
import type { FakeClock } from '../../../support/fake-clock.ts';
import { KubeconfigFolder } from '../connection/kubeconfig-folder.ts';

type Metadata = {
  readonly name: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly object[];
};
export type StoredObject = {
  readonly metadata: Metadata;
  readonly data?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
};

/** A write that arrived, at the time of the test's clock. */
type Write = { readonly method: string; readonly name: string; readonly atMs: number; readonly status: number };
type Refusal = {
  readonly status: number;
  readonly reason?: string;
  readonly message?: string;
  readonly retryAfter?: string;
};
/** `lost`: the write is carried out, and its response never sent. */
type Script = (method: string, name: string) => Refusal | 'lost' | 'silent' | undefined;

export class ObjectServer {
  /** By plural and name. */
  readonly #objects = new Map<string, StoredObject>();
  readonly #watchers = new Set<{
    readonly plural: string;
    readonly selector: string | null;
    readonly response: ServerResponse;
  }>();
  readonly #clock: FakeClock;
  readonly writes: Write[] = [];
  /** What each request receives instead of the usual response. */
  script: Script = () => undefined;
  #version = 10;
  #url = '';

  private constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  static async start(clock: FakeClock): Promise<ObjectServer> {
    const self = new ObjectServer(clock);
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const url = new URL(request.url ?? '', 'http://localhost');
        self.#respond(
          request.method ?? '',
          url,
          text === '' ? undefined : (JSON.parse(text) as Partial<StoredObject>),
          response,
        );
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    self.#url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return self;
  }

  connect(): ClusterConnection {
    const kubeconfigPaths = [new KubeconfigFolder().writeKubeconfig({ server: this.#url })];
    const connection = new ClusterConnection(findCluster({ kubeconfigPaths }).kubeConfig);
    onTestFinished(() => connection.close());
    return connection;
  }

  objects(plural: string): StoredObject[] {
    return [...this.#objects].filter(([key]) => key.startsWith(`${plural}/`)).map(([, object]) => object);
  }

  get(plural: string, name: string): StoredObject | undefined {
    return this.#objects.get(`${plural}/${name}`);
  }

  /** Stores an object as another writer would. */
  put(plural: string, object: StoredObject): StoredObject {
    const key = `${plural}/${object.metadata.name}`;
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: this.#nextVersion() } };
    this.#objects.set(key, stored);
    this.#notify(plural, type, stored);
    return stored;
  }

  delete(plural: string, name: string): void {
    const object = this.get(plural, name);
    if (object === undefined) return;
    this.#objects.delete(`${plural}/${name}`);
    const metadata = { ...object.metadata, resourceVersion: this.#nextVersion() };
    this.#notify(plural, 'DELETED', { ...object, metadata });
  }

  /** Lets what was sent on open connections arrive. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await (await fetch(`${this.#url}/healthz`)).text();
      for (let turn = 0; turn < 20; turn++) await setImmediate();
    }
  }

  #nextVersion(): string {
    this.#version += 1;
    return String(this.#version);
  }

  #notify(plural: string, type: string, object: StoredObject): void {
    for (const watcher of this.#watchers)
      if (watcher.plural === plural && matches(object, watcher.selector))
        watcher.response.write(`${JSON.stringify({ type, object })}\n`);
  }

  #respond(method: string, url: URL, body: Partial<StoredObject> | undefined, response: ServerResponse): void {
    const [plural = '', last] = url.pathname.split('/').slice(5);
    const name = last ?? body?.metadata?.name ?? '';
    const scripted = this.script(method, url.pathname);
    if (scripted === 'silent') return;
    const usual = () => this.#carryOut(method, { plural, name, url, response }, body);
    const answer = typeof scripted === 'object' ? toStatus(scripted, plural, name) : usual();
    if (method !== 'GET' && answer !== undefined)
      this.writes.push({ method, name, atMs: this.#clock.now(), status: answer.status });
    if (answer === undefined || scripted === 'lost') return;
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }

  #carryOut(
    method: string,
    { plural, name, url, response }: { plural: string; name: string; url: URL; response: ServerResponse },
    body: Partial<StoredObject> | undefined,
  ) {
    const selector = url.searchParams.get('labelSelector');
    if (url.searchParams.has('watch')) {
      this.#watchers.add({ plural, selector, response });
      response.writeHead(200).flushHeaders();
      return undefined;
    }
    const known = this.get(plural, name);
    if (method === 'GET' && name === '') {
      const items = this.objects(plural).filter((object) => matches(object, selector));
      return { status: 200, body: { items, metadata: { resourceVersion: String(this.#version) } } };
    }
    if (method === 'POST') {
      if (known !== undefined) return toStatus({ status: 409, reason: 'AlreadyExists' }, plural, name);
      return { status: 201, body: this.put(plural, { metadata: { name }, ...body }) };
    }
    if (known === undefined) return toStatus({ status: 404, reason: 'NotFound' }, plural, name);
    if (method === 'GET') return { status: 200, body: known };
    const expected = body?.metadata?.resourceVersion;
    if (expected !== undefined && expected !== known.metadata.resourceVersion)
      return toStatus({ status: 409, reason: 'Conflict' }, plural, name);
    const next = method === 'PATCH' ? (mergePatch(known, body ?? {}) as StoredObject) : { metadata: { name }, ...body };
    return { status: 200, body: this.put(plural, next) };
  }
}

const matches = ({ metadata }: StoredObject, selector: string | null): boolean => {
  const [key = '', value] = (selector ?? '').split('=');
  return selector === null || metadata.labels?.[key] === value;
};

type Answer = { readonly status: number; readonly body: object; readonly headers?: Record<string, string> };

const toStatus = ({ status, reason, message, retryAfter }: Refusal, kind: string, name: string): Answer => ({
  status,
  body: { kind: 'Status', reason, message, details: { kind, name } },
  ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
});

/** A refusal for want of a permission. */
export const forbidden = (verb: string, plural: string): Refusal => ({
  status: 403,
  reason: 'Forbidden',
  message: `${plural} is forbidden: User "warmpool" cannot ${verb} resource "${plural}" in API group "" in the namespace "n"`,
});

/** Moves time to the next write that is due, again and again, until `isDone`. */
export const runUntil = async (clock: FakeClock, server: ObjectServer, isDone: () => boolean): Promise<void> => {
  for (let steps = 0; !isDone(); steps++) {
    if (steps > 2_000) throw new Error('Nothing more happens.');
    await server.settle();
    if (!isDone()) clock.moveTo(clock.now() + 100);
  }
};
