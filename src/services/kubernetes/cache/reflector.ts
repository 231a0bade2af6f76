// Keeps a store of objects equal to the API server's: lists them, then watches, and starts over whenever that ends, like client-go's Reflector.
import { setTimeout } from 'node:timers/promises';
import { BackOff } from '../../../lib/back-off.ts';
import { compareVersions } from '../../../lib/compare-versions.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { isExpired, isRefused, toClusterError } from '../connection/api-error.ts';
import type { ResourceClient } from '../resource/resource-client.ts';
import type { SyncStatus } from './sync-status.ts';

type ListWatch<T> = Pick<ResourceClient<T>, 'list' | 'watch' | 'checkNamespace'>;

export interface ObjectStore<T> {
  readonly isEmpty: boolean;
  put(object: T): void;
  delete(object: T): void;
  /** Replaces the objects with a complete list. Objects newer than the list are kept. */
  replace(objects: readonly T[], listVersion: string): void;
  clear(): void;
}

type ReflectorOptions<T> = {
  readonly listWatch: ListWatch<T>;
  readonly store: ObjectStore<T>;
  readonly status: SyncStatus;
  /** After how many seconds the API server ends a watch, and the next one begins. Default 15. */
  readonly watchSeconds?: number | undefined;
};

const PAGE_SIZE = 1_000;
const LIST_DEADLINE_MS = 5_000;
const BACK_OFF = { firstMs: 250, longestMs: 3_000 };
const WATCH_SECONDS = 15;
/** How long a watch may exceed its time before its connection is treated as half-open. */
const SILENCE_MS = 5_000;
/** A watch that ends sooner is treated as a failure. */
const SHORT_WATCH_MS = 1_000;

export class Reflector<T extends { readonly metadata: { readonly resourceVersion: string } }> {
  readonly #options: ReflectorOptions<T>;
  readonly #backOff = new BackOff(BACK_OFF);
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  /** Version from which the watch continues; undefined: list first. */
  #version: string | undefined;
  /** The newest version that a list or a watch has sent. */
  #newest = '0';

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const startedMs = performance.now();
      const end = await this.#listAndWatch();
      const isShort = performance.now() - startedMs < SHORT_WATCH_MS;
      if (!isShort) this.#backOff.reset();
      if (end === 'failed' || (end === 'ended' && isShort))
        await setTimeout(this.#backOff.next(), undefined, { signal }).catch(() => undefined);
    }
  }

  async #listAndWatch(): Promise<'ended' | 'emptied' | 'failed'> {
    try {
      this.#version ??= await this.#list();
      return await this.#watch(this.#version);
    } catch (error) {
      const problem = toClusterError(error, 'watch');
      // An event that could not be parsed leads to a new list as well: the same watch would send it again forever.
      if (isRefused(problem) || isExpired(problem) || problem.code === 'KUBERNETES::POOL_API_ERROR')
        this.#version = undefined;
      // The list that immediately follows an expired version has what was missed: the status is unchanged.
      if (isExpired(problem)) this.#backOff.reset();
      else if (!this.#stop.signal.aborted) this.#options.status.disconnected(problem, isRefused(problem));
      return 'failed';
    }
  }

  /** Returns the version of the list. */
  async #list(): Promise<string> {
    const { listWatch, store, status } = this.#options;
    status.listing();
    const objects: T[] = [];
    let token: string | undefined;
    for (;;) {
      const options = { limit: PAGE_SIZE, ...(token !== undefined && { continue: token }) };
      const { items, metadata } = await listWatch.list(options, this.#deadline());
      objects.push(...items);
      token = metadata.continue;
      if (token !== undefined && token !== '') continue;
      if (objects.length === 0) await this.#checkNamespace();
      // An older version than one already seen: the cluster was restored or created again, and nothing known is valid.
      if (compareVersions(metadata.resourceVersion, this.#newest) < 0) store.clear();
      store.replace(objects, metadata.resourceVersion);
      this.#newest = metadata.resourceVersion;
      status.listed();
      return metadata.resourceVersion;
    }
  }

  /** The list of a namespace that does not exist is empty. Where the account may not read namespaces, that stays unknown. */
  async #checkNamespace(): Promise<void> {
    try {
      await this.#options.listWatch.checkNamespace(this.#deadline());
    } catch (error) {
      if (error instanceof WarmpoolError && error.code === 'KUBERNETES::FORBIDDEN') return;
      throw error;
    }
  }

  async #watch(version: string): Promise<'ended' | 'emptied'> {
    const { listWatch, store, status, watchSeconds = WATCH_SECONDS } = this.#options;
    if (store.isEmpty) await this.#checkNamespace();
    const deadline = AbortSignal.timeout(watchSeconds * 1_000 + SILENCE_MS);
    const events = await listWatch.watch(version, watchSeconds, AbortSignal.any([this.#stop.signal, deadline]));
    status.connected();
    for await (const event of events) {
      if (event.type === 'DELETED') store.delete(event.object);
      else if (event.type !== 'BOOKMARK') store.put(event.object);
      this.#version = event.object.metadata.resourceVersion;
      this.#newest = this.#version;
      status.connected();
      // The last object is gone, perhaps with its namespace: that is checked before the next watch.
      if (store.isEmpty) return 'emptied';
    }
    return 'ended';
  }

  #deadline(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, AbortSignal.timeout(LIST_DEADLINE_MS)]);
  }
}
