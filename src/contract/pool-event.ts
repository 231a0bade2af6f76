// What the stream of pools tells: GET /v1/pool-events, and the subscription pools.watch.
import { z } from 'zod';
import { closedObject } from './closed-object.ts';
import { PoolSelectors } from './list-options.ts';
import { must } from './must.ts';
import { PoolResponse } from './pool.ts';

/** A pool that is meant is new, or has changed. Whoever keeps a copy puts it in place of what it had. */
const Present = z.object({ type: z.enum(['added', 'modified']), pool: PoolResponse });

/** A pool is gone, or no longer meant by the selectors. */
const Deleted = z.object({
  type: z.literal('deleted'),
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
});

/** The initial state, or what was missed before a resume, is complete. */
const Bookmark = z.object({ type: z.literal('bookmark'), resourceVersion: z.string() });

/** The resume point is unknown or too old: forget what you know, the whole state follows. */
const Reset = z.object({ type: z.literal('reset') });

export const PoolStreamEvent = z.discriminatedUnion('type', [Present, Deleted, Bookmark, Reset]).meta({
  id: 'PoolStreamEvent',
  description: 'One event of the stream of pools; over SSE `type` is the event’s name.',
});
export type PoolStreamEvent = z.infer<typeof PoolStreamEvent>;

/** Which pools are watched, and where to go on. */
export const WatchOptions = closedObject({
  name: z.string(must('be a string')).optional().describe('Only the pool of this name.'),
  ...PoolSelectors.shape,
  lastEventId: z.string(must('be a string')).optional().describe('Id of the last event that was received.'),
});
export type WatchOptions = z.infer<typeof WatchOptions>;
