// The port behind which pools are kept. test/services/pools/pool-store.contract.ts defines it by tests.
import type { Synced } from '../../lib/change-feed.ts';
import type { Pool, StoredSpecification } from './pool.ts';

/** A change of one pool. `deleted` carries the last snapshot. `synced` ends the initial state. */
export type PoolEvent = { readonly type: 'added' | 'modified' | 'deleted'; readonly pool: Pool } | Synced;

export type WriteOptions = {
  /** Everything is checked and nothing is stored; the answer is what would be. Default false. */
  readonly isDryRun?: boolean;
};

export type DeleteOptions = WriteOptions & {
  /** Whether what `check` saw must be what is deleted, whatever it takes. Default: its identity must. */
  readonly isExact?: boolean;
};

export interface PoolStore {
  /** Errors: POOL_ALREADY_EXISTS; then `get` knows the pool. */
  create(name: string, specification: StoredSpecification, options?: WriteOptions): Promise<Pool>;

  /** Errors: POOL_NOT_FOUND. */
  get(name: string): Promise<Pool>;

  /** Every pool, ordered by name. The same array as before while nothing changed. */
  list(): Promise<readonly Pool[]>;

  /** The pool whose retry record has this key, as far as this server knows. */
  findByRetryKey(key: string): Pool | undefined;

  /**
   * Replaces the specification by what `change` makes of the present one. `change` is pure: it may be called again
   * when another writer was faster, and what it throws is thrown. A change that changes nothing makes no new version.
   * Errors: POOL_NOT_FOUND.
   */
  update(name: string, change: (present: Pool) => StoredSpecification, options?: WriteOptions): Promise<PoolChange>;

  /** Deletes the pool unless `check` throws; the name is free at once. Errors: POOL_NOT_FOUND. */
  delete(name: string, check: (present: Pool) => void, options?: DeleteOptions): Promise<Pool>;

  /** The present state as `added` events, then `synced`, then every change. A slow reader gets the newest state of each pool. */
  watch(signal: AbortSignal): AsyncIterable<PoolEvent>;
}

/** What a write did. Both are the same snapshot when it changed nothing. */
export type PoolChange = { readonly before: Pool; readonly after: Pool };
