// What the pool controller needs of the local store beside the port that every runtime has.
import type { Decision } from '../../contract/decision.ts';
import type { PoolStatus } from '../../contract/pool.ts';
import type { PoolStore } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';

/** A store whose status is written by Warmpool's own controller. */
export interface ManagedPoolStore extends PoolStore {
  getByUid(uid: string): Pool | undefined;
  /** Writes what was observed; nothing happens when the pool is gone or has this status already. */
  writeStatus(uid: string, status: PoolStatus): void;
}

/** Where decisions are kept. */
export interface DecisionJournal {
  /** Keeps a decision about a pool that exists; it gets its id. */
  add(poolUid: string, decision: Omit<Decision, 'id'>): void;
  /** The reason codes of the newest decision; undefined when there is none. */
  lastReasonCodes(poolUid: string): readonly string[] | undefined;
}
