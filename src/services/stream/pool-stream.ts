// The stream of pools: one watch of the store for all readers.
import { setImmediate } from 'node:timers/promises';
import { HEARTBEAT_MS, REMEMBERED_CHANGES, STREAMS_MAX } from '../../contract/limits.ts';
import type { WatchOptions } from '../../contract/pool-event.ts';
import type { Clock } from '../../lib/clock.ts';
import { RecentCache } from '../../lib/recent-cache.ts';
import type { PoolStore } from '../pools/ports.ts';
import { serverIsStopping, WarmpoolError } from '../warmpool-error.ts';
import { Cursor } from './cursor.ts';
import { PoolHistory } from './pool-history.ts';
import { SelectorView, type ViewContext } from './selector-view.ts';
import { StreamReader, type Wake } from './stream-reader.ts';

type PoolStreamOptions = {
  readonly store: PoolStore;
  readonly clock: Clock;
  /** Minimum number of changes that a stream can be resumed over. Default 10 000. */
  readonly rememberedChanges?: number;
  /** When a batch ends. Default: 250 pools, or 65 536 characters. */
  readonly batchMax?: ViewContext['batchMax'];
};

const BATCH_MAX = { pools: 250, characters: 65_536 };
/** Batches kept for readers at the same position, of all selectors together. */
const BATCHES_KEPT = 64;
const VIEWS_KEPT = 64;
/** When a refused reader may try again, in seconds. */
const RETRY_AFTER_SECONDS = 10;
/** Readers woken in one turn of the event loop: about a millisecond of work. */
const READERS_PER_TURN = 50;

export class PoolStream {
  readonly #store: PoolStore;
  readonly #clock: Clock;
  readonly #context: ViewContext;
  readonly #views = new RecentCache<SelectorView>(VIEWS_KEPT);
  readonly #readers = new Set<StreamReader>();
  readonly #stop = new AbortController();
  readonly #synced = Promise.withResolvers<undefined>();
  readonly #following: Promise<void>;
  #hasNews = false;
  #isWaking = false;
  #cancelHeartbeat: () => void = () => undefined;

  constructor({ store, clock, rememberedChanges = REMEMBERED_CHANGES, batchMax = BATCH_MAX }: PoolStreamOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#context = {
      history: new PoolHistory(rememberedChanges),
      batchMax,
      snapshots: new RecentCache(BATCHES_KEPT),
      replays: new RecentCache(BATCHES_KEPT),
    };
    this.#following = this.#follow();
    this.#scheduleHeartbeat();
  }

  /** Number of open streams. */
  get readerCount(): number {
    return this.#readers.size;
  }

  /** Opens a stream. Errors: SERVER::BUSY; SERVER::SHUTTING_DOWN; those of a store that was never read. */
  async open({ lastEventId, ...selectors }: WatchOptions): Promise<StreamReader> {
    await this.#store.waitForSync(this.#stop.signal);
    await this.#synced.promise;
    this.#stop.signal.throwIfAborted();
    if (this.#readers.size >= STREAMS_MAX)
      throw new WarmpoolError(
        'SERVER::BUSY',
        `The maximum number of open streams is reached: ${STREAMS_MAX}. Try again later.`,
        {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        },
      );
    const view = this.#views.get(JSON.stringify(selectors), () => new SelectorView(this.#context, selectors));
    const reader = new StreamReader(new Cursor(view, lastEventId), () => {
      this.#readers.delete(reader);
    });
    this.#readers.add(reader);
    return reader;
  }

  /** Ends every stream. */
  async close(): Promise<void> {
    this.#cancelHeartbeat();
    this.#stop.abort(serverIsStopping());
    this.#wakeAll('ended');
    await this.#following;
  }

  async #follow(): Promise<void> {
    let isSynced = false;
    for await (const event of this.#store.watch(this.#stop.signal)) {
      if (event.type === 'synced') {
        isSynced = true;
        this.#synced.resolve(undefined);
      } else if (isSynced) {
        this.#context.history.append(event);
        this.#hasNews = true;
        if (!this.#isWaking) void this.#wakeWithNews();
      } else this.#context.history.load(event);
    }
    // The store may never have been read: wakes the readers that still wait to open.
    this.#synced.resolve(undefined);
  }

  /**
   * Changes of one turn of the event loop are sent together. Only a few readers are woken in each turn, because the
   * event loop accepts one new connection per turn.
   */
  async #wakeWithNews(): Promise<void> {
    this.#isWaking = true;
    while (this.#hasNews) {
      await setImmediate();
      this.#hasNews = false;
      let woken = 0;
      for (const reader of this.#readers) {
        reader.wake('news');
        woken += 1;
        if (woken % READERS_PER_TURN === 0) await setImmediate();
      }
    }
    this.#isWaking = false;
  }

  #wakeAll(why: Wake): void {
    for (const reader of this.#readers) reader.wake(why);
  }

  #scheduleHeartbeat(): void {
    this.#cancelHeartbeat = this.#clock.after(HEARTBEAT_MS, () => {
      this.#wakeAll('heartbeat');
      this.#scheduleHeartbeat();
    });
  }
}
