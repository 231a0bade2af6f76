// Events of the stream of pools: GET /v1/pool-events and the subscription pools.watch.
import { z } from 'zod';
import { closedObject } from './closed-object.ts';
import { PoolSelectors } from './list-options.ts';
import { must } from './must.ts';
import { PoolResponse } from './pool.ts';

const PoolAdded = z
  .object({ type: z.literal('added'), pool: PoolResponse })
  .meta({ id: 'PoolAddedEvent', description: 'A pool that the client has not received before.' });

const PoolModified = z
  .object({ type: z.literal('modified'), pool: PoolResponse })
  .meta({ id: 'PoolModifiedEvent', description: 'A pool that has changed; it replaces the version received before.' });

const PoolDeleted = z
  .object({ type: z.literal('deleted'), name: z.string(), uid: z.string(), resourceVersion: z.string() })
  .meta({ id: 'PoolDeletedEvent', description: 'A pool that was deleted or no longer matches the selectors.' });

const Bookmark = z.object({ type: z.literal('bookmark'), resourceVersion: z.string() }).meta({
  id: 'BookmarkEvent',
  description: 'The client has received the complete initial state or, after a resume, everything that it missed.',
});

const Reset = z.object({ type: z.literal('reset') }).meta({
  id: 'ResetEvent',
  description: 'The resume point is unknown or too old: discard what you have received; the full state follows.',
});

export const PoolStreamEvent = z
  .discriminatedUnion('type', [PoolAdded, PoolModified, PoolDeleted, Bookmark, Reset])
  .meta({ id: 'PoolStreamEvent', description: 'One event of the stream of pools.' });
export type PoolStreamEvent = z.infer<typeof PoolStreamEvent>;

export const WatchOptions = closedObject({
  name: z.string(must('be a string')).optional().describe('Name of the one pool to watch.'),
  ...PoolSelectors.shape,
  lastEventId: z.string(must('be a string')).optional().describe('Id of the last event received.'),
});
export type WatchOptions = z.infer<typeof WatchOptions>;
