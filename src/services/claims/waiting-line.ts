// Clients in line for the members of one pool, first come, first served.
import type { Pool } from '../pools/pool.ts';
import type { ClaimDraft, StoredClaim } from './ports.ts';

/** One request for a claim. */
export type Caller = {
  /** When it gives up, epoch milliseconds. */
  readonly deadlineMs: number;
  readonly resolve: (stored: StoredClaim) => void;
  readonly reject: (error: unknown) => void;
  /** Leaves the line because its time is up; does nothing while a member is being bound. */
  readonly timeOut: () => void;
};

/** A place in line. Requests with the same Idempotency-Key share one: it is given up when the last of them has left. */
export class Place {
  readonly draft: Omit<ClaimDraft, 'launch'>;
  readonly callers = new Set<Caller>();
  /** Whether no member was idle when it came. */
  hasWaited = false;

  constructor(draft: Place['draft']) {
    this.draft = draft;
  }

  resolve(stored: StoredClaim): void {
    for (const { resolve } of this.callers) resolve(stored);
  }

  reject(error: unknown): void {
    for (const { reject } of this.callers) reject(error);
  }
}

export class WaitingLine {
  /** The newest snapshot of the pool. */
  pool: Pool;
  #places = new Set<Place>();

  constructor(pool: Pool) {
    this.pool = pool;
  }

  get length(): number {
    return this.#places.size;
  }

  has(place: Place): boolean {
    return this.#places.has(place);
  }

  join(place: Place): void {
    this.#places.add(place);
  }

  leave(place: Place): void {
    this.#places.delete(place);
  }

  /** Removes and returns the first place. */
  takeFirst(): Place | undefined {
    const [first] = this.#places;
    if (first !== undefined) this.#places.delete(first);
    return first;
  }

  /** Puts a place that was taken back to the front. */
  returnFirst(place: Place): void {
    this.#places = new Set([place, ...this.#places]);
  }

  /** Removes and returns every place. */
  clear(): Place[] {
    const places = [...this.#places];
    this.#places.clear();
    return places;
  }
}
