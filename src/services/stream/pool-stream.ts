// The stream of pools: one watch of the store for all readers.
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { HEARTBEAT_MS, REMEMBERED_CHANGES, STREAMS_MAX } from '../../contract/limits.ts';
import type { WatchOptions } from '../../contract/pool-event.ts';
import type { Clock } from '../clock.ts';
import { PoolIndex } from '../pools/pool-index.ts';
import type { PoolEvent, PoolStore } from '../pools/pool-store.ts';
import type { Pool } from '../pools/pool.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import { ChangeLog } from './change-log.ts';
import { Channel, StreamState } from './channel.ts';
import { hashSelectors } from './event-id.ts';
import { StreamReader, type Wake } from './stream-reader.ts';

/** What the server needs of the stream. */
export interface PoolStreams {
  /** Streams that are open. */
  readonly readerCount: number;
  /** Begins to read. Errors: SERVER::BUSY; SERVER::SHUTTING_DOWN; those of a store that was not read yet. */
  open(options: WatchOptions): Promise<StreamReader>;
  /** Ends every stream. */
  close(): Promise<void>;
}

/** Stands in for the stream on a runtime without pools. */
export const refuseStreams = (reason: string): PoolStreams => ({
  readerCount: 0,
  open: () => Promise.reject(new WarmpoolError('KUBERNETES::POOL_NOT_SUPPORTED', reason)),
  close: () => Promise.resolve(),
});

type PoolStreamOptions = {
  readonly store: PoolStore;
  readonly clock: Clock;
  /** How many changes a stream can be resumed over. Default 10 000. */
  readonly rememberedChanges?: number;
  /** Most pools that are told of together. Default 250. */
  readonly batchMax?: number;
};

const BATCH_MAX = 250;
/** When a refused reader may come again, in seconds. */
const RETRY_AFTER_SECONDS = 10;

/** Readers that are told of news in one turn of the event loop: about a millisecond's work. */
const READERS_PER_TURN = 50;

export class PoolStream implements PoolStreams {
  readonly #options: PoolStreamOptions;
  readonly #state: StreamState;
  readonly #readers = new Set<StreamReader>();
  /** Channels of the readers, by their selectors. */
  readonly #channels = new Map<string, { channel: Channel; readers: number }>();
  readonly #stop = new AbortController();
  readonly #synced = Promise.withResolvers<undefined>();
  readonly #following: Promise<void>;
  #newestVersion = 0n;
  #hasNews = false;
  #isTelling = false;
  #cancelHeartbeat: () => void = () => undefined;

  constructor(options: PoolStreamOptions) {
    this.#options = options;
    const { rememberedChanges = REMEMBERED_CHANGES, batchMax = BATCH_MAX } = options;
    this.#state = new StreamState({
      epoch: randomBytes(6).toString('hex'),
      log: new ChangeLog(rememberedChanges),
      pools: new PoolIndex(),
      batchMax,
    });
    this.#following = this.#follow();
    this.#planHeartbeat();
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  async open({ lastEventId, ...selectors }: WatchOptions): Promise<StreamReader> {
    await this.#options.store.list();
    await this.#synced.promise;
    if (this.#stop.signal.aborted) throw new WarmpoolError('SERVER::SHUTTING_DOWN', 'The server is stopping.');
    if (this.#readers.size >= STREAMS_MAX)
      throw new WarmpoolError('SERVER::BUSY', `${STREAMS_MAX} streams are open, as many as one server takes.`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    const key = hashSelectors(selectors);
    const shared = this.#channels.get(key) ?? { channel: new Channel(this.#state, selectors), readers: 0 };
    shared.readers += 1;
    this.#channels.set(key, shared);
    const reader = new StreamReader({
      channel: shared.channel,
      log: this.#state.log,
      resourceVersion: () => String(this.#newestVersion),
      lastEventId,
      onClose: () => {
        if (!this.#readers.delete(reader)) return;
        shared.readers -= 1;
        if (shared.readers === 0) this.#channels.delete(key);
      },
    });
    this.#readers.add(reader);
    return reader;
  }

  async close(): Promise<void> {
    this.#cancelHeartbeat();
    this.#stop.abort();
    this.#wakeAll('ended');
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { log, pools } = this.#state;
    let isSynced = false;
    for await (const event of this.#options.store.watch(this.#stop.signal)) {
      if (event.type === 'synced') {
        isSynced = true;
        this.#synced.resolve(undefined);
      } else if (isSynced) {
        const { pool } = event;
        const known = pools.getByUid(pool.uid);
        const before = known && { name: known.name, labels: known.specification.labels };
        this.#put(event);
        const goneSince = { name: pool.name, resourceVersion: pool.resourceVersion };
        log.append({ uid: pool.uid, before, ...(event.type === 'deleted' && { goneSince }) });
        this.#planWake();
      } else this.#put(event);
    }
  }

  #put({ type, pool }: Exclude<PoolEvent, { type: 'synced' }>): void {
    if (type === 'deleted') this.#state.pools.remove(pool);
    else this.#state.pools.put(pool);
    this.#noteVersion(pool);
  }

  /** Both stores have versions that are growing integers. */
  #noteVersion({ resourceVersion }: Pool): void {
    const version = BigInt(resourceVersion);
    if (version > this.#newestVersion) this.#newestVersion = version;
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
