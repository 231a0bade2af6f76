// Changes of pools for readers of a store's watch.
import { ChangeFeed } from '../../lib/change-feed.ts';
import type { PoolEvent } from './ports.ts';

export type PoolChangeEvent = Exclude<PoolEvent, { type: 'synced' }>;

/** A pool that a reader has not seen yet stays `added`; one that was deleted before the reader saw it is omitted. */
const merge = (waiting: PoolChangeEvent, next: PoolChangeEvent): PoolChangeEvent | undefined => {
  if (waiting.type !== 'added') return next;
  return next.type === 'deleted' ? undefined : { ...next, type: 'added' };
};

export const createPoolFeed = () => new ChangeFeed<PoolChangeEvent>({ keyOf: ({ pool }) => pool.uid, merge });
