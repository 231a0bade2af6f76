// The calls on the objects of one resource in one namespace. Each is one request, and rejects with a WarmpoolError.
import { z } from 'zod';
import { WarmpoolError } from '../../warmpool-error.ts';
import { jsonReader, type ClusterConnection, type ResponseReader } from '../connection/cluster-connection.ts';
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

type ObjectPage<T> = {
  readonly items: readonly T[];
  /** Version of the whole list, and the token of the next page: empty or absent on the last one. */
  readonly metadata: z.output<typeof ListMetadata>;
};
type ListOptions = {
  readonly continue?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  /** The state at this version, with the match `Exact`. Default: the current state. */
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact';
};
type ObjectWriteOptions = {
  readonly signal: AbortSignal;
  /** Check everything and store nothing. Default false. */
  readonly isDryRun?: boolean | undefined;
};

/** The name of Warmpool in managedFields. */
export const FIELD_MANAGER = 'warmpool';

/** Rejects fields that the installed CRD does not have, instead of dropping them. */
const WRITE_QUERY = { fieldValidation: 'Strict', fieldManager: FIELD_MANAGER } as const;
const queryOf = (isDryRun = false) => ({ ...WRITE_QUERY, dryRun: isDryRun ? 'All' : undefined });

const Namespace = z.object({ status: z.object({ phase: z.string().optional() }).optional() });
const ListMetadata = z.object({ resourceVersion: z.string(), continue: z.string().optional() });

export class ResourceClient<T> {
  readonly #connection: ClusterConnection;
  readonly #schema: z.ZodType<T>;
  readonly #readObject: ResponseReader<T>;
  readonly #readPage: ResponseReader<ObjectPage<T>>;
  readonly #readDeleted: ResponseReader<T | undefined>;
  readonly #path: string;
  readonly #namespace: string;

  constructor(connection: ClusterConnection, { group, version, plural, schema }: Resource<T>, namespace: string) {
    this.#connection = connection;
    this.#schema = schema;
    this.#readObject = jsonReader(schema);
    this.#readPage = jsonReader(z.object({ items: z.array(schema), metadata: ListMetadata }));
    this.#readDeleted = jsonReader(z.preprocess(withoutStatus, schema.optional()));
    this.#path = `/${group === '' ? 'api' : `apis/${group}`}/${version}/namespaces/${namespace}/${plural}`;
    this.#namespace = namespace;
  }

  list({ limit, ...options }: ListOptions, signal: AbortSignal): Promise<ObjectPage<T>> {
    const query = { ...options, limit: limit?.toString() };
    return this.#connection.request({ verb: 'list', path: this.#path, query }, signal, this.#readPage);
  }

  /** Resolves when the watch is open. Its events end after `seconds`. @param labelSelector Default: all objects. */
  async watch(
    resourceVersion: string,
    seconds: number,
    signal: AbortSignal,
    labelSelector?: string,
  ): Promise<AsyncIterable<WatchEvent<T>>> {
    const query = { resourceVersion, allowWatchBookmarks: 'true', timeoutSeconds: String(seconds), labelSelector };
    const body = await this.#connection.watch(this.#path, query, signal);
    // The listener stays: an error after the last line that was read would otherwise end the process.
    return readWatchEvents(
      body.on('error', () => undefined),
      this.#schema,
    );
  }

  get(name: string, signal: AbortSignal): Promise<T> {
    return this.#connection.request({ verb: 'get', path: this.#pathOf(name) }, signal, this.#readObject);
  }

  create(body: object, { signal, isDryRun }: ObjectWriteOptions): Promise<T> {
    const query = queryOf(isDryRun);
    return this.#connection.request({ verb: 'create', path: this.#path, query, body }, signal, this.#readObject);
  }

  /** Replaces the object; a conflict if `body` has a resource version that is not the stored one. */
  replace(name: string, body: object, { signal, isDryRun }: ObjectWriteOptions): Promise<T> {
    const call = { verb: 'update', path: this.#pathOf(name), query: queryOf(isDryRun), body } as const;
    return this.#connection.request(call, signal, this.#readObject);
  }

  /**
   * Merges a status into the stored one. Fields that the CRD of the cluster does not have are dropped, as the response
   * shows. Rejects with a conflict if the name belongs to an object of another uid.
   */
  patchStatus(name: string, uid: string, status: object, signal: AbortSignal): Promise<T> {
    const call = {
      verb: 'patch',
      path: `${this.#pathOf(name)}/status`,
      query: { fieldManager: FIELD_MANAGER },
      body: { metadata: { uid }, status },
      mediaType: 'application/merge-patch+json',
    } as const;
    return this.#connection.request(call, signal, this.#readObject);
  }

  patch(name: string, body: readonly PatchOperation[], options: ObjectWriteOptions): Promise<T> {
    return this.#patch(name, body, 'application/json-patch+json', options);
  }

  /** Merges the fields into the object (RFC 7396). */
  mergePatch(name: string, body: object, options: ObjectWriteOptions): Promise<T> {
    return this.#patch(name, body, 'application/merge-patch+json', options);
  }

  /** Deletes the object that meets the preconditions. Returns it while finalizers hold it, undefined when it is gone. */
  delete(
    name: string,
    preconditions: { readonly uid: string; readonly resourceVersion?: string },
    { signal, isDryRun }: ObjectWriteOptions,
  ): Promise<T | undefined> {
    // With a body the API server ignores options in the query: a dry run asked for there would delete.
    const body = { propagationPolicy: 'Background', preconditions, ...(isDryRun === true && { dryRun: ['All'] }) };
    return this.#connection.request({ verb: 'delete', path: this.#pathOf(name), body }, signal, this.#readDeleted);
  }

  /** Errors: NAMESPACE_NOT_FOUND, including while the namespace is being deleted; FORBIDDEN where it may not be read. */
  async checkNamespace(signal: AbortSignal): Promise<void> {
    const path = `/api/v1/namespaces/${this.#namespace}`;
    const { status } = await this.#connection.request({ verb: 'get', path }, signal, readNamespace);
    if (status?.phase === 'Terminating')
      throw new WarmpoolError(
        'KUBERNETES::NAMESPACE_NOT_FOUND',
        `The namespace "${this.#namespace}" is being deleted. Create it again once it is gone, or set [kubernetes] namespace.`,
      );
  }

  #patch(name: string, body: object, mediaType: string, { signal, isDryRun }: ObjectWriteOptions): Promise<T> {
    const call = { verb: 'patch', path: this.#pathOf(name), query: queryOf(isDryRun), body, mediaType } as const;
    return this.#connection.request(call, signal, this.#readObject);
  }

  #pathOf(name: string): string {
    return `${this.#path}/${encodeURIComponent(name)}`;
  }
}

const readNamespace = jsonReader(Namespace);

const IsStatus = z.object({ kind: z.literal('Status') });
/** A Status reports that the object is gone. */
const withoutStatus = (response: unknown) => (IsStatus.safeParse(response).success ? undefined : response);
