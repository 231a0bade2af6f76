// The calls on the objects of one resource in one namespace. Each is one request, and rejects with a WarmpoolError.
import { HttpMethod } from '@kubernetes/client-node';
import { z } from 'zod';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { ListWatch, ObjectPage } from '../cache/reflector.ts';
import type { ClusterConnection } from '../connection/cluster-connection.ts';
import { JsonApi } from './json-api.ts';
import { readWatchEvents, type WatchEvent } from './watch-events.ts';

/** A kind of object of the API server, and where it is served. */
export type Resource<T> = {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly schema: z.ZodType<T>;
};

/** One operation of a JSON Patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'test' | 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

type WriteOptions = {
  readonly signal: AbortSignal;
  /** Check everything and store nothing. Default false. */
  readonly isDryRun?: boolean | undefined;
};

type ListOptions = {
  /** Of the previous page. */
  readonly continue?: string | undefined;
  readonly labelSelector?: string;
  /** Maximum number of items. Default: all of them. */
  readonly limit?: number;
};

const Namespace = z.object({ status: z.object({ phase: z.string().optional() }).optional() });

/** Rejects fields that the installed CRD does not have, instead of dropping them. */
const STRICT = { fieldValidation: 'Strict', fieldManager: 'warmpool' } as const;
const dryRun = (isDryRun = false) => (isDryRun ? 'All' : undefined);

export class ResourceClient<T> implements ListWatch<T> {
  readonly #connection: ClusterConnection;
  readonly #api: JsonApi;
  readonly #schema: z.ZodType<T>;
  readonly #page: z.ZodType<ObjectPage<T>>;
  readonly #path: string;
  readonly #namespace: string;

  constructor(connection: ClusterConnection, { group, version, plural, schema }: Resource<T>, namespace: string) {
    this.#connection = connection;
    this.#api = connection.client(JsonApi);
    this.#schema = schema;
    const metadata = z.object({ resourceVersion: z.string(), continue: z.string().optional() });
    this.#page = z.object({ items: z.array(schema), metadata });
    this.#path = `/${group === '' ? 'api' : `apis/${group}`}/${version}/namespaces/${namespace}/${plural}`;
    this.#namespace = namespace;
  }

  async list({ limit, ...options }: ListOptions, signal: AbortSignal): Promise<ObjectPage<T>> {
    const query = { ...options, limit: limit?.toString() };
    const page = await this.#connection.call('list', signal, (call) =>
      this.#api.send({ method: HttpMethod.GET, path: this.#path, query }, call),
    );
    return parse(this.#page, page);
  }

  async watch(resourceVersion: string, seconds: number, signal: AbortSignal): Promise<AsyncIterable<WatchEvent<T>>> {
    const query = { resourceVersion, allowWatchBookmarks: 'true', timeoutSeconds: String(seconds) };
    const body = await this.#connection.watch(this.#path, query, signal);
    return readWatchEvents(body, (object) => parse(this.#schema, object));
  }

  async get(name: string, signal: AbortSignal): Promise<T> {
    const object = await this.#connection.call('get', signal, (call) =>
      this.#api.send({ method: HttpMethod.GET, path: this.#pathOf(name) }, call),
    );
    return parse(this.#schema, object);
  }

  async create(body: object, { signal, isDryRun }: WriteOptions): Promise<T> {
    const query = { ...STRICT, dryRun: dryRun(isDryRun) };
    const object = await this.#connection.call('create', signal, (call) =>
      this.#api.send({ method: HttpMethod.POST, path: this.#path, query, body }, call),
    );
    return parse(this.#schema, object);
  }

  async patch(name: string, body: readonly PatchOperation[], { signal, isDryRun }: WriteOptions): Promise<T> {
    const query = { ...STRICT, dryRun: dryRun(isDryRun) };
    const mediaType = 'application/json-patch+json';
    const object = await this.#connection.call('patch', signal, (call) =>
      this.#api.send({ method: HttpMethod.PATCH, path: this.#pathOf(name), query, body, mediaType }, call),
    );
    return parse(this.#schema, object);
  }

  /** Deletes the object that meets the preconditions. Returns it while finalizers hold it, undefined when it is gone. */
  async delete(
    name: string,
    preconditions: { readonly uid: string; readonly resourceVersion?: string },
    { signal, isDryRun }: WriteOptions,
  ): Promise<T | undefined> {
    // With a body the API server ignores options in the query: a dry run asked for there would delete.
    const body = { propagationPolicy: 'Background', preconditions, ...(isDryRun === true && { dryRun: ['All'] }) };
    const object = await this.#connection.call('delete', signal, (call) =>
      this.#api.send({ method: HttpMethod.DELETE, path: this.#pathOf(name), body }, call),
    );
    return Deleted.safeParse(object).success ? undefined : parse(this.#schema, object);
  }

  async checkNamespace(signal: AbortSignal): Promise<void> {
    const name = this.#namespace;
    const namespace = await this.#connection.call('get', signal, (call) =>
      this.#api.send({ method: HttpMethod.GET, path: `/api/v1/namespaces/${name}` }, call),
    );
    if (parse(Namespace, namespace).status?.phase === 'Terminating')
      throw new WarmpoolError('KUBERNETES::NAMESPACE_NOT_FOUND', `The namespace "${name}" is being deleted.`);
  }

  #pathOf(name: string): string {
    return `${this.#path}/${encodeURIComponent(name)}`;
  }
}

const Deleted = z.object({ kind: z.literal('Status') });

const parse = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const message = `The Kubernetes API server sent an unexpected object (${error.issues[0]?.path.join('.') ?? ''}).`;
  throw new WarmpoolError('KUBERNETES::POOL_API_ERROR', message, { cause: error });
};
