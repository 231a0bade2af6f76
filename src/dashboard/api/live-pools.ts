// All pools, kept current by one stream. React sees them at most ten times a second, so that a busy server cannot
// occupy the page.
import { WarmpoolClientError } from '../../client/index.ts';
import type { PoolStreamEvent } from '../../contract/pool-event.ts';
import type { PoolResponse } from '../../contract/pool.ts';
import { client } from './client.ts';
import { noticeSignedOut } from './session.ts';
import { Store } from './store.ts';

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

export const livePools = new Store<LivePools>({ pools: undefined, connection: { state: 'connecting' } });

/** What the stream told so far; published in steps. */
let current = new Map<string, PoolResponse>();
/** After a reset, the new state is built here until its bookmark: nothing flashes. */
let next: Map<string, PoolResponse> | undefined = new Map();
let publishing: ReturnType<typeof setTimeout> | undefined;
let subscription: ReturnType<typeof client.pools.watch.subscribe> | undefined;

const publish = (): void => {
  publishing = undefined;
  livePools.set({ ...livePools.get(), pools: new Map(current) });
};

const publishSoon = (): void => {
  publishing ??= setTimeout(publish, PUBLISH_MS);
};

const apply = (event: PoolStreamEvent): void => {
  switch (event.type) {
    case 'reset':
      next = new Map();
      return;
    case 'added':
    case 'modified':
      (next ?? current).set(event.pool.name, event.pool);
      break;
    case 'deleted':
      (next ?? current).delete(event.name);
      break;
    case 'bookmark':
      if (next === undefined) return;
      current = next;
      next = undefined;
      clearTimeout(publishing);
      publish();
      return;
  }
  if (next === undefined) publishSoon();
};

const setConnection = (connection: Connection): void => {
  if (connection.state === 'live' && livePools.get().connection.state === 'live') return;
  livePools.set({ ...livePools.get(), connection });
};

const lose = (error: string): void => {
  const { connection } = livePools.get();
  const sinceMs = connection.state === 'lost' ? connection.sinceMs : Date.now();
  setConnection({ state: 'lost', sinceMs, error });
};

/** Follows the stream until `stopLivePools`. It reconnects by itself and resumes where it was. */
export const startLivePools = (): void => {
  subscription?.unsubscribe();
  // A new subscription begins with the whole state: what was deleted meanwhile is not in it.
  next = new Map();
  subscription = client.pools.watch.subscribe(undefined, {
    onData: ({ data }) => {
      setConnection({ state: 'live' });
      apply(data);
    },
    onConnectionStateChange: ({ state, error }) => {
      if (state === 'pending') setConnection({ state: 'live' });
      else if (error) lose(error.message);
    },
    onError: (error) => {
      if (error instanceof WarmpoolClientError && error.status === 401) noticeSignedOut();
      lose(error.message);
    },
  });
};

export const stopLivePools = (): void => {
  subscription?.unsubscribe();
  subscription = undefined;
};
