// The stream of pools: one watch of the store for all readers.
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { HEARTBEAT_MS, REMEMBERED_CHANGES, STREAMS_MAX } from '../../contract/limits.ts';
import type { WatchOptions } from '../../contract/pool-event.ts';
import type { Clock } from '../../lib/clock.ts';
import { PoolIndex } from '../pools/pool-index.ts';
import type { PoolChangeEvent } from '../pools/pool-feed.ts';
import { selectableOf, type Selectable } from '../pools/pool-selectors.ts';
import type { PoolStore } from '../pools/pool-store.ts';
import { RecentCache } from '../../lib/recent-cache.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import { ChangeLog } from './change-log.ts';
import { Channel, type StreamState } from './channel.ts';
import { StreamReader, type Wake } from './stream-reader.ts';

type PoolStreamOptions = {
  readonly store: PoolStore;
  readonly clock: Clock;
  /** How many changes a stream can be resumed over, at least. Default 10 000. */
  readonly rememberedChanges?: number;
  /** When a batch ends. Default: 250 pools, or 65 536 characters. */
  readonly batchMax?: StreamState['batchMax'];
};

const BATCH_MAX = { pools: 250, characters: 65_536 };
/** Batches that are kept for readers at the same place, of all selectors together. */
const BATCHES_KEPT = 64;
/** When a refused reader may come again, in seconds. */
const RETRY_AFTER_SECONDS = 10;

/** Readers that are told of news in one turn of the event loop: about a millisecond's work. */
const READERS_PER_TURN = 50;

export class PoolStream {
  readonly #options: PoolStreamOptions;
  readonly #state: StreamState;
  readonly #readers = new Set<StreamReader>();
  readonly #stop = new AbortController();
  readonly #synced = Promise.withResolvers<undefined>();
  readonly #following: Promise<void>;
  #hasNews = false;
  #isTelling = false;
  #cancelHeartbeat: () => void = () => undefined;

  constructor(options: PoolStreamOptions) {
    this.#options = options;
    const { rememberedChanges = REMEMBERED_CHANGES, batchMax = BATCH_MAX } = options;
    this.#state = {
      epoch: randomBytes(6).toString('hex'),
      log: new ChangeLog(rememberedChanges),
      pools: new PoolIndex(),
      newestVersion: 0n,
      batchMax,
      stateParts: new RecentCache(BATCHES_KEPT),
      changes: new RecentCache(BATCHES_KEPT),
    };
    this.#following = this.#follow();
    this.#planHeartbeat();
  }

  /** Number of open streams. */
  get readerCount(): number {
    return this.#readers.size;
  }

  /** Opens a stream. Errors: SERVER::BUSY; SERVER::SHUTTING_DOWN; those of a store that was not read yet. */
  async open({ lastEventId, ...selectors }: WatchOptions): Promise<StreamReader> {
    await this.#options.store.list();
    await this.#synced.promise;
    if (this.#stop.signal.aborted) throw new WarmpoolError('SERVER::SHUTTING_DOWN', 'The server is stopping.');
    if (this.#readers.size >= STREAMS_MAX)
      throw new WarmpoolError('SERVER::BUSY', `${STREAMS_MAX} streams are open, as many as one server takes.`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    const reader = new StreamReader(new Channel(this.#state, selectors), lastEventId, () => {
      this.#readers.delete(reader);
    });
    this.#readers.add(reader);
    return reader;
  }

  /** Ends every stream. */
  async close(): Promise<void> {
    this.#cancelHeartbeat();
    this.#stop.abort();
    this.#wakeAll('ended');
    await this.#following;
  }

  async #follow(): Promise<void> {
    let isSynced = false;
    for await (const event of this.#options.store.watch(this.#stop.signal)) {
      if (event.type === 'synced') {
        isSynced = true;
        this.#synced.resolve(undefined);
        continue;
      }
      const known = this.#state.pools.getByUid(event.pool.uid);
      this.#put(event);
      if (isSynced) this.#log(event, known && selectableOf(known));
    }
    // The store was never read; whoever waits is told that the server stops.
    this.#synced.resolve(undefined);
  }

  #put({ type, pool }: PoolChangeEvent): void {
    if (type === 'deleted') this.#state.pools.remove(pool);
    else this.#state.pools.put(pool);
    // Both stores have versions that are growing integers.
    const version = BigInt(pool.resourceVersion);
    if (version > this.#state.newestVersion) this.#state.newestVersion = version;
  }

  #log({ type, pool: { uid, name, resourceVersion } }: PoolChangeEvent, before: Selectable | undefined): void {
    this.#state.log.append({ uid, before, ...(type === 'deleted' && { goneSince: { name, resourceVersion } }) });
    this.#planWake();
  }

  /** What changes in one turn of the event loop is told together. */
  #planWake(): void {
    this.#hasNews = true;
    if (!this.#isTelling) void this.#tellNews();
  }

  /** A few readers in each turn: the event loop takes no more than one new connection a turn. */
  async #tellNews(): Promise<void> {
    this.#isTelling = true;
    while (this.#hasNews) {
      await setImmediate();
      this.#hasNews = false;
      let told = 0;
      for (const reader of this.#readers) {
        reader.wake('news');
        told += 1;
        if (told % READERS_PER_TURN === 0) await setImmediate();
      }
    }
    this.#isTelling = false;
  }

  #wakeAll(why: Wake): void {
    for (const reader of this.#readers) reader.wake(why);
  }

  #planHeartbeat(): void {
    this.#cancelHeartbeat = this.#options.clock.after(HEARTBEAT_MS, () => {
      this.#wakeAll('heartbeat');
      this.#planHeartbeat();
    });
  }
}
