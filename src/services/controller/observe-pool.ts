// What the controller reads from a pool: whether it needs a pass, and the input of the scaling rule.
import type { ObservedPool } from '../planning/observed-pool.ts';
import { revisionOf } from '../planning/revision.ts';
import type { PoolChangeEvent } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { MemberTable } from './member-table.ts';

/** A new template is tried immediately, even if starts of the previous one kept failing. */
export const isNewTemplate = ({ status }: Pool, revision: string): boolean =>
  status !== undefined && status.revision !== revision;

/**
 * Whether a pool needs a pass. A pass reports the generation that it processed, so the controller's own status writes
 * need none, and neither do labels and annotations.
 */
export const needsPass = (event: PoolChangeEvent): boolean =>
  event.type !== 'modified' || event.pool.status?.observedGeneration !== event.pool.generation;

export const observe = (pool: Pool, members: MemberTable, backOffUntilMs: number | undefined): ObservedPool => ({
  ...pool.specification,
  members: [...members.of(pool.uid)],
  toRemove: new Set(),
  unmet: members.unmet(pool.uid),
  revision: revisionOf(pool),
  backOffUntilMs,
});
