// The ports of the pool service. test/services/pools/pool-store.contract.ts defines PoolStore by tests.
import type { Decision, PoolPlan } from '../../contract/decision.ts';
import type { Member } from '../../contract/member.ts';
import type { Synced } from '../../lib/change-feed.ts';
import type { Pool, StoredSpecification } from './pool.ts';

/** A change to one pool. `deleted` carries the last snapshot. */
export type PoolChangeEvent = { readonly type: 'added' | 'modified' | 'deleted'; readonly pool: Pool };

/** `synced` ends the initial state. */
export type PoolEvent = PoolChangeEvent | Synced;

export type WriteOptions = {
  /** Check everything, store nothing, and return what the write would return. Default false. */
  readonly isDryRun?: boolean | undefined;
};

export type DeleteOptions = WriteOptions & {
  /** Whether the deleted pool must be exactly the one that `check` saw. Default: only its identity must be the same. */
  readonly isExact?: boolean;
};

/** Throws if the pool must not be deleted. `allocated` is the number of members that claims hold. */
export type DeletionCheck = (present: Pool, allocated: number) => void;

export type SpecificationChange = {
  /** The pool's specification after the request. */
  readonly specification: StoredSpecification;
  /** Whether the request has labels or annotations, changed or not: concurrent writers of these conflict with it. */
  readonly touchesMetadata: boolean;
};

export interface PoolStore {
  /** Errors: POOL_ALREADY_EXISTS; `get` then finds the pool. */
  create(name: string, specification: StoredSpecification, options?: WriteOptions): Promise<Pool>;

  /** Errors: POOL_NOT_FOUND; those of `waitForSync`. */
  get(name: string): Promise<Pool>;

  /** Every pool, ordered by name; the same array until something changes. Errors: those of `waitForSync`. */
  list(): Promise<readonly Pool[]>;

  /** The pool whose retry record has this key, as far as this server knows. */
  findByRetryKey(key: string): Pool | undefined;

  /**
   * Replaces the specification with the one that `change` computes from the current pool. `change` is pure: it is called
   * again after a conflict with another writer, and what it throws rejects the update. An update that changes nothing
   * creates no new version. Errors: POOL_NOT_FOUND.
   */
  update(name: string, change: (present: Pool) => SpecificationChange, options?: WriteOptions): Promise<PoolChange>;

  /** Deletes the pool unless `check` throws; the name is free immediately. Errors: POOL_NOT_FOUND. */
  delete(name: string, check: DeletionCheck, options?: DeleteOptions): Promise<Pool>;

  /** The current state as `added` events, then `synced`, then every change. A slow reader gets the newest state of each pool. */
  watch(signal: AbortSignal): AsyncIterable<PoolEvent>;

  /** Resolves when pools can be read. Rejects with the reason why they cannot, or with that of an aborted `signal`. */
  waitForSync(signal?: AbortSignal): Promise<void>;
}

/** The result of an update. Both are the same snapshot when it changed nothing. */
export type PoolChange = { readonly before: Pool; readonly after: Pool };

export interface MemberReader {
  /** The pool's members, ordered by name. */
  list(pool: Pool): Promise<Member[]>;
}

export interface DecisionReader {
  /** The pool's newest decisions, newest first. Errors: RUNTIME::NOT_SUPPORTED where another controller decides. */
  list(pool: Pool, limit: number): Promise<Decision[]>;
}

/** A pool before and after a write: nothing before its creation, nothing after its deletion. */
export type ProposedChange =
  { readonly before?: Pool; readonly after: Pool } | { readonly before: Pool; readonly after?: undefined };

export interface PoolPlanner {
  /** The first scaling step after the change. */
  plan(change: ProposedChange): Promise<PoolPlan>;
}
