// Events of Kubernetes (core/v1) on pools, as `kubectl describe pool` and `kubectl get events` show them.
import { z } from 'zod';
import { NAME_MAX_LENGTH } from '../../../contract/limits.ts';
import { rfc3339 } from '../../../lib/clock.ts';
import { randomSuffix } from '../../../lib/random-suffix.ts';
import type { Pool } from '../../pools/pool.ts';
import { POOLS } from '../resource/pool-resource.ts';
import type { Resource } from '../resource/resource-client.ts';

/** Nothing of the response is used. */
const StoredEvent = z.object({});
export const EVENTS: Resource<z.output<typeof StoredEvent>> = {
  group: '',
  version: 'v1',
  plural: 'events',
  schema: StoredEvent,
};

/** Each reason with its type. */
const EVENT_TYPES = {
  MembersCreated: 'Normal',
  MembersRemoved: 'Normal',
  StartsFailed: 'Warning',
  Contested: 'Warning',
  StuckTerminating: 'Warning',
  ClaimLost: 'Warning',
} as const;
export type EventReason = keyof typeof EVENT_TYPES;

/** One Event: what happened to a pool for one reason, so many times. Times are epoch milliseconds. */
export type PoolEvent = {
  readonly name: string;
  readonly pool: Pick<Pool, 'uid' | 'name'>;
  readonly reason: EventReason;
  readonly message: string;
  readonly count: number;
  /** Number of members of all occurrences; 0 where the message does not say it. */
  readonly members: number;
  readonly firstMs: number;
  readonly lastMs: number;
};

/** A name that no other Event has. Like those of Kubernetes it begins with the name of the object. */
export const newEventName = (poolName: string): string =>
  `${poolName.slice(0, NAME_MAX_LENGTH).replace(/[.-]+$/, '')}.${randomSuffix(13)}`;

/** What changes with every occurrence, as a merge patch. */
export const toEventPatch = ({ message, count, lastMs }: PoolEvent) => ({
  message,
  count,
  lastTimestamp: rfc3339(lastMs),
});

export const toEventManifest = (event: PoolEvent, namespace: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: event.name },
  involvedObject: {
    apiVersion: `${POOLS.group}/${POOLS.version}`,
    kind: POOLS.kind,
    namespace,
    name: event.pool.name,
    uid: event.pool.uid,
  },
  type: EVENT_TYPES[event.reason],
  reason: event.reason,
  firstTimestamp: rfc3339(event.firstMs),
  ...toEventPatch(event),
  source: { component: 'warmpool' },
  reportingComponent: 'warmpool',
});
