// All pools, kept current by one stream.
import { WarmpoolClientError } from '../../client/index.ts';
import { client } from './client.ts';
import { PoolFeed, type LivePools } from './pool-feed.ts';
import { noticeSignedOut } from './session.ts';
import { Store } from './store.ts';

export const livePools = new Store<LivePools>({ pools: undefined, connection: { state: 'connecting' } });

const feed = new PoolFeed(livePools);
let subscription: ReturnType<typeof client.pools.watch.subscribe> | undefined;

/** Follows the stream until `stopLivePools`. It reconnects by itself and resumes where it was. */
export const startLivePools = (): void => {
  subscription?.unsubscribe();
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
      if (error instanceof WarmpoolClientError && error.status === 401) noticeSignedOut();
      feed.lose(error.message);
    },
  });
};

export const stopLivePools = (): void => {
  subscription?.unsubscribe();
  subscription = undefined;
};
