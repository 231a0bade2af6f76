// The Leases of an API server in memory: versions, tests of patches, preconditions and refusals as of the real one.
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import { toClusterError } from '../../../../src/services/kubernetes/connection/api-error.ts';
import { LEASES, type Lease, type LeaseClient } from '../../../../src/services/kubernetes/leases/lease.ts';
import type { PatchOperation } from '../../../../src/services/kubernetes/resource/resource-client.ts';

export type Verb = 'get' | 'create' | 'patch' | 'delete';
type Stored = Record<string, unknown> & { metadata: Record<string, unknown> };
/** How a call reaches the server and its response the client. Default: at once. */
export type Network = <Result>(verb: Verb, carryOut: () => Result, signal: AbortSignal) => Promise<Result>;

/** What a call rejects with after a response with this status. */
export const refusal = (verb: string, code: number, status: object) =>
  toClusterError(new ApiException(code, verb, { kind: 'Status', ...status }, {}), verb);

const details = (name: string) => ({ name, kind: 'leases' });

export class LeaseServer {
  readonly #objects = new Map<string, Stored>();
  #version = 100;
  /** Every call that was carried out. */
  readonly calls: Verb[] = [];

  /** A client whose calls take this way. */
  client(network: Network = async (_verb, carryOut) => carryOut()): LeaseClient {
    return {
      get: (name, signal) => network('get', () => this.get(name), signal),
      create: (body, { signal }) => network('create', () => this.create(body), signal),
      patch: (name, body, { signal }) => network('patch', () => this.patch(name, body), signal),
      delete: (name, { uid }, { signal }) =>
        network<undefined>(
          'delete',
          () => {
            this.delete(name, uid);
          },
          signal,
        ),
    };
  }

  list(): Lease[] {
    return [...this.#objects.keys()].map((name) => this.#read(name));
  }

  get(name: string): Lease {
    this.calls.push('get');
    if (!this.#objects.has(name)) throw refusal('get', 404, { reason: 'NotFound', details: details(name) });
    return this.#read(name);
  }

  /** The object as it is stored. */
  manifest(name: string): object {
    return structuredClone(this.#objects.get(name) ?? {});
  }

  create(body: object): Lease {
    this.calls.push('create');
    const object = structuredClone(body) as Stored;
    const name = String(object.metadata.name);
    if (this.#objects.has(name)) throw refusal('create', 409, { reason: 'AlreadyExists', details: details(name) });
    object.metadata.uid = `uid-${this.#version + 1}`;
    return this.#store(name, object, 'create');
  }

  patch(name: string, operations: readonly PatchOperation[]): Lease {
    this.calls.push('patch');
    const stored = this.#objects.get(name);
    if (stored === undefined) throw refusal('patch', 404, { reason: 'NotFound', details: details(name) });
    const object = structuredClone(stored);
    for (const operation of operations) apply(object, operation);
    // A patch that changes nothing is no write.
    return JSON.stringify(object) === JSON.stringify(stored) ? this.#read(name) : this.#store(name, object, 'patch');
  }

  delete(name: string, uid?: string): undefined {
    this.calls.push('delete');
    const stored = this.#objects.get(name);
    if (stored === undefined) throw refusal('delete', 404, { reason: 'NotFound', details: details(name) });
    if (uid !== undefined && stored.metadata.uid !== uid) throw refusal('delete', 409, { reason: 'Conflict' });
    this.#objects.delete(name);
  }

  #read(name: string): Lease {
    return LEASES.schema.parse(structuredClone(this.#objects.get(name)));
  }

  #store(name: string, object: Stored, verb: Verb): Lease {
    const { spec } = LEASES.schema.parse({ ...object, metadata: { ...object.metadata, resourceVersion: '' } });
    for (const time of [spec.acquireTime, spec.renewTime])
      if (time !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(time))
        throw refusal(verb, 400, { reason: 'BadRequest', message: `parsing time "${time}"` });
    if (spec.leaseDurationSeconds !== undefined && spec.leaseDurationSeconds <= 0)
      throw refusal(verb, 422, { reason: 'Invalid', details: { ...details(name), causes: [] } });
    this.#version += 1;
    object.metadata.resourceVersion = String(this.#version);
    this.#objects.set(name, object);
    return this.#read(name);
  }
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const apply = (object: Stored, operation: PatchOperation): void => {
  const steps = operation.path.slice(1).split('/');
  const last = steps.pop() ?? '';
  let parent: unknown = object;
  for (const step of steps) parent = isMap(parent) ? parent[step] : undefined;
  if (!isMap(parent) || (operation.op === 'test' && parent[last] !== operation.value))
    throw refusal('patch', 422, { reason: 'Invalid', message: 'the server rejected our request' });
  if (operation.op === 'add') parent[last] = structuredClone(operation.value);
  if (operation.op === 'remove') Reflect.deleteProperty(parent, last);
};
