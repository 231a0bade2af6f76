// All pools, kept current by one stream.
import { client, isSignedOut, noticeError } from './client.ts';
import { PoolFeed, type LivePools } from './pool-feed.ts';
import { Store } from './store.ts';

export const livePools = new Store<LivePools>({ pools: undefined, connection: { state: 'connecting' } });

const feed = new PoolFeed(livePools);
/** After an error that the client does not try again after by itself: a proxy without its server answers 404, for instance. */
const RETRY_MS = 5_000;

let retry: ReturnType<typeof setTimeout> | undefined;
let subscription: ReturnType<typeof client.pools.watch.subscribe> | undefined;

/** Follows the stream until `stopLivePools`. It reconnects by itself and resumes where it was. */
export const startLivePools = (): void => {
  stopLivePools();
  feed.begin();
  subscription = client.pools.watch.subscribe(undefined, {
    onData: ({ data }) => {
      feed.receive(data);
    },
    onConnectionStateChange: ({ state, error }) => {
      if (state === 'pending') feed.connect();
      else if (error) feed.lose(error.message);
    },
    onError: (error) => {
      feed.lose(error.message);
      noticeError(error);
      if (!isSignedOut(error)) retry = setTimeout(startLivePools, RETRY_MS);
    },
  });
};

export const stopLivePools = (): void => {
  clearTimeout(retry);
  subscription?.unsubscribe();
  subscription = undefined;
};
