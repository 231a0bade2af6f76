// Keeps the cache like the API server: lists, then watches, and begins again whenever that ends.
import { createInterface } from 'node:readline';
import { BackOff } from '../../../lib/back-off.ts';
import type { Clock } from '../../../lib/clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import { ApiException } from '@kubernetes/client-node';
import { isExpired, isRefused, toClusterError } from '../connection/api-error.ts';
import type { PoolResource } from '../resource/pool-resource.ts';
import type { PoolsApi } from '../resource/pools-api.ts';
import type { SyncStatus } from './sync-status.ts';
import type { PoolCache } from './pool-cache.ts';

type ReflectorOptions = {
  readonly api: PoolsApi;
  readonly cache: PoolCache;
  readonly contact: SyncStatus;
  readonly clock: Clock;
  /** After how many seconds the API server ends a watch, to begin a new one. Default 15. */
  readonly watchSeconds?: number;
};

/** One line of a watch. Source: Kubernetes API concepts, "Efficient detection of changes". */
type WatchLine =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: PoolResource }
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: { readonly resourceVersion: string } } }
  | { readonly type: 'ERROR'; readonly object: { readonly code: number } };

const LIST_DEADLINE_MS = 5_000;
const BACK_OFF = { firstMs: 250, longestMs: 3_000 };
const WATCH_SECONDS = 15;
/** How much longer than that a watch may last before its connection counts as half-open. */
const SILENCE_MS = 5_000;
/** A watch that the API server ends sooner counts as a failure when the next one is timed. */
const SHORT_WATCH_MS = 1_000;

export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  /** Where to go on watching; undefined: list first. */
  #version: string | undefined;
  /** The newest version that a list or the watch told of. */
  #heard = 0n;

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    const { contact, clock } = this.#options;
    const backOff = new BackOff(BACK_OFF);
    while (!this.#isStopped()) {
      const startedMs = clock.now();
      const waitMs = () => {
        if (clock.now() - startedMs >= SHORT_WATCH_MS) backOff.reset();
        return backOff.next();
      };
      try {
        this.#version ??= await this.#fill();
        const end = await this.#follow(this.#version);
        if (end === 'ended' && clock.now() - startedMs < SHORT_WATCH_MS) await this.#pause(waitMs());
      } catch (error) {
        const problem = error instanceof WarmpoolError ? error : toClusterError(error, 'watch');
        // Also after news that could not be read: going on behind them would read them again for ever.
        if (isRefused(problem) || isExpired(problem) || problem.code === 'KUBERNETES::POOL_API_ERROR')
          this.#version = undefined;
        // A version that is too old is no loss of contact: the list that follows at once tells what was missed.
        if (isExpired(problem)) backOff.reset();
        else if (!this.#isStopped()) contact.lost(problem, isRefused(problem));
        await this.#pause(waitMs());
      }
    }
  }

  /** Reads the whole list, page by page. Answers its version. */
  async #fill(): Promise<string> {
    const { api, cache, contact } = this.#options;
    contact.begin();
    const heardBefore = this.#heard;
    const resources: PoolResource[] = [];
    let after: string | undefined;
    for (;;) {
      const { items, metadata } = await api.list(after, this.#deadline());
      resources.push(...items);
      after = metadata.continue;
      if (after !== undefined && after !== '') continue;
      if (resources.length === 0) await this.#checkNamespace();
      // A version from before what was heard already: the cluster was restored or made anew, and nothing known holds.
      if (BigInt(metadata.resourceVersion) < heardBefore) cache.clear();
      cache.replace(resources, metadata.resourceVersion);
      this.#heard = BigInt(metadata.resourceVersion);
      contact.filled();
      return metadata.resourceVersion;
    }
  }

  /** The list of a namespace that does not exist is empty. Where the account may not read namespaces, that cannot be told. */
  async #checkNamespace(): Promise<void> {
    try {
      await this.#options.api.checkNamespace(this.#deadline());
    } catch (error) {
      if (error instanceof WarmpoolError && error.code === 'KUBERNETES::FORBIDDEN') return;
      throw error;
    }
  }

  /** Follows the changes until the API server ends the watch, or no pool is left. */
  async #follow(version: string): Promise<'ended' | 'emptied'> {
    const { api, cache, contact, watchSeconds = WATCH_SECONDS } = this.#options;
    if (cache.list().length === 0) await this.#checkNamespace();
    const deadline = AbortSignal.timeout(watchSeconds * 1_000 + SILENCE_MS);
    const body = await api.watch(version, watchSeconds, AbortSignal.any([this.#stop.signal, deadline]));
    contact.heard();
    // Stays until the body ends: without it an error after the last line read would be one that nobody handles.
    body.on('error', () => undefined);
    const lines = createInterface({ input: body }).on('error', () => undefined);
    try {
      for await (const line of lines) {
        this.#take(JSON.parse(line) as WatchLine);
        contact.heard();
        // The last pool is gone: perhaps with its namespace, which is looked at before the next watch.
        if (cache.list().length === 0) return 'emptied';
      }
      return 'ended';
    } finally {
      lines.close();
      body.destroy();
    }
  }

  #take(line: WatchLine): void {
    const { cache } = this.#options;
    switch (line.type) {
      case 'ADDED':
      case 'MODIFIED':
        cache.put(line.object);
        break;
      case 'DELETED': {
        const { uid, name, resourceVersion } = line.object.metadata;
        cache.remove(uid, name, resourceVersion);
        break;
      }
      case 'BOOKMARK':
        break;
      case 'ERROR':
        throw toClusterError(new ApiException(line.object.code, 'watch', line.object, {}), 'watch');
    }
    this.#version = line.object.metadata.resourceVersion;
    this.#heard = BigInt(this.#version);
  }

  #deadline(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, AbortSignal.timeout(LIST_DEADLINE_MS)]);
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = () => {
      resolve(undefined);
    };
    const cancel = this.#options.clock.after(ms, wake);
    if (this.#isStopped()) wake();
    this.#stop.signal.addEventListener('abort', wake);
    await promise;
    this.#stop.signal.removeEventListener('abort', wake);
    cancel();
  }
}
