// All pools, as the events of the stream build them. Readers see them at most ten times a second, so that a busy server
// cannot occupy the page.
import type { PoolStreamEvent } from '../../contract/pool-event.ts';
import type { PoolResponse } from '../../contract/pool.ts';
import type { Store } from './store.ts';

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  /** Values are as of `sinceMs` (epoch milliseconds); `error` says why the last attempt failed. */
  | { readonly state: 'lost'; readonly sinceMs: number; readonly error: string };

export type LivePools = {
  /** By name; undefined until the initial state is complete. */
  readonly pools: ReadonlyMap<string, PoolResponse> | undefined;
  readonly connection: Connection;
};

const PUBLISH_MS = 100;

/** Writes what the stream says to a store that it is given. */
export class PoolFeed {
  readonly #store: Store<LivePools>;
  #current = new Map<string, PoolResponse>();
  /** The state of a new subscription, or after a reset, is built here until its bookmark: nothing flashes. */
  #next: Map<string, PoolResponse> | undefined = new Map();
  #publishing: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store<LivePools>) {
    this.#store = store;
  }

  /** Before each subscription: it begins with the whole state, and without a reset. A lost connection stays lost until then. */
  begin(): void {
    this.#next = new Map();
    if (this.#store.get().connection.state === 'live') this.#setConnection({ state: 'connecting' });
  }

  receive(event: PoolStreamEvent): void {
    this.connect();
    switch (event.type) {
      case 'reset':
        this.#next = new Map();
        return;
      case 'added':
      case 'modified':
        (this.#next ?? this.#current).set(event.pool.name, event.pool);
        break;
      case 'deleted':
        (this.#next ?? this.#current).delete(event.name);
        break;
      case 'bookmark':
        if (this.#next === undefined) return;
        this.#current = this.#next;
        this.#next = undefined;
        this.#publish();
        return;
    }
    if (this.#next === undefined)
      this.#publishing ??= setTimeout(() => {
        this.#publish();
      }, PUBLISH_MS);
  }

  connect(): void {
    if (this.#store.get().connection.state !== 'live') this.#setConnection({ state: 'live' });
  }

  /** What is known stays, as of the first loss. */
  lose(error: string): void {
    const { connection } = this.#store.get();
    const sinceMs = connection.state === 'lost' ? connection.sinceMs : Date.now();
    this.#setConnection({ state: 'lost', sinceMs, error });
  }

  #publish(): void {
    clearTimeout(this.#publishing);
    this.#publishing = undefined;
    this.#store.set({ ...this.#store.get(), pools: new Map(this.#current) });
  }

  #setConnection(connection: Connection): void {
    this.#store.set({ ...this.#store.get(), connection });
  }
}
