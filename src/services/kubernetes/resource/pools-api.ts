// The calls on Pool custom resources of one namespace. Each is one request, and rejects with a WarmpoolError.
import type { Readable } from 'node:stream';
import { CoreV1Api, CustomObjectsApi } from '@kubernetes/client-node';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { ClusterConnection } from '../connection/cluster-connection.ts';
import { POOL_RESOURCE, type PoolResource } from './pool-resource.ts';
import type { PatchOperation, toManifest } from './write-pool.ts';

export type PoolPage = {
  readonly items: readonly PoolResource[];
  readonly metadata: {
    /** The version that the whole list is of. */
    readonly resourceVersion: string;
    /** Where the next page begins; empty or absent on the last one. */
    readonly continue?: string;
  };
};

const PAGE_SIZE = 1_000;

/** Refuses what the installed definition does not have, instead of dropping it in silence. */
const STRICT = { fieldValidation: 'Strict', fieldManager: 'warmpool' } as const;

/** Until when, and whether everything is checked and nothing stored. */
type Write = { readonly signal: AbortSignal; readonly isDryRun: boolean | undefined };

const dryRun = (isDryRun = false) => (isDryRun ? { dryRun: 'All' } : {});

export class PoolsApi {
  readonly #connection: ClusterConnection;
  readonly #objects: CustomObjectsApi;
  readonly #core: CoreV1Api;
  readonly #place: { group: string; version: string; plural: string; namespace: string };

  constructor(connection: ClusterConnection, namespace: string) {
    this.#connection = connection;
    this.#objects = connection.client(CustomObjectsApi);
    this.#core = connection.client(CoreV1Api);
    const { group, version, plural } = POOL_RESOURCE;
    this.#place = { group, version, plural, namespace };
  }

  async list(after: string | undefined, signal: AbortSignal): Promise<PoolPage> {
    const page = { limit: PAGE_SIZE, ...(after !== undefined && { _continue: after }) };
    return (await this.#connection.call('list', signal, (options) =>
      this.#objects.listNamespacedCustomObject({ ...this.#place, ...page }, options),
    )) as PoolPage;
  }

  /** Changes after `resourceVersion`, as JSON lines; the API server ends the stream after `seconds`. */
  watch(resourceVersion: string, seconds: number, signal: AbortSignal): Promise<Readable> {
    const { group, version, namespace, plural } = this.#place;
    return this.#connection.watch(
      `/apis/${group}/${version}/namespaces/${namespace}/${plural}`,
      { resourceVersion, allowWatchBookmarks: 'true', timeoutSeconds: String(seconds) },
      signal,
    );
  }

  async get(name: string, signal: AbortSignal): Promise<PoolResource> {
    return (await this.#connection.call('get', signal, (options) =>
      this.#objects.getNamespacedCustomObject({ ...this.#place, name }, options),
    )) as PoolResource;
  }

  async create(body: ReturnType<typeof toManifest>, { signal, isDryRun }: Write): Promise<PoolResource> {
    const made = (await this.#connection.call('create', signal, (options) =>
      this.#objects.createNamespacedCustomObject({ ...this.#place, ...STRICT, ...dryRun(isDryRun), body }, options),
    )) as PoolResource;
    // What was never stored has no version.
    return isDryRun === true ? { ...made, metadata: { ...made.metadata, resourceVersion: '0' } } : made;
  }

  async patch(name: string, body: readonly PatchOperation[], { signal, isDryRun }: Write): Promise<PoolResource> {
    const where = { ...this.#place, ...STRICT, ...dryRun(isDryRun), name };
    return (await this.#connection.call('patch', signal, (options) =>
      this.#objects.patchNamespacedCustomObject({ ...where, body }, options),
    )) as PoolResource;
  }

  /** Deletes the pool that meets the preconditions. The pool itself is answered while finalizers hold it, undefined when it is gone. */
  async delete(
    name: string,
    preconditions: { readonly uid: string; readonly resourceVersion?: string },
    { signal, isDryRun }: Write,
  ): Promise<PoolResource | undefined> {
    // Beside a body the API server ignores options in the query: a dry run asked for there would delete.
    const body = { propagationPolicy: 'Background', preconditions, ...(isDryRun === true && { dryRun: ['All'] }) };
    const answer = (await this.#connection.call('delete', signal, (options) =>
      this.#objects.deleteNamespacedCustomObject({ ...this.#place, name, body }, options),
    )) as (PoolResource & { readonly kind: 'Pool' }) | { readonly kind: 'Status' };
    return answer.kind === 'Status' ? undefined : answer;
  }

  /** Errors: NAMESPACE_NOT_FOUND, also while it is being deleted, or FORBIDDEN where namespaces may not be read. */
  async checkNamespace(signal: AbortSignal): Promise<void> {
    const { namespace: name } = this.#place;
    const { status } = await this.#connection.call('get', signal, (options) =>
      this.#core.readNamespace({ name }, options),
    );
    if (status?.phase === 'Terminating')
      throw new WarmpoolError('KUBERNETES::NAMESPACE_NOT_FOUND', `The namespace "${name}" is being deleted.`);
  }
}
