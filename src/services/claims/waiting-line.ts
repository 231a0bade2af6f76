// Clients in line for the members of one pool, first come, first served.
import type { ClaimDraft, StoredClaim } from './ports.ts';

/** One request. Requests with the same Idempotency-Key share a place in line. */
export type Caller = {
  readonly resolve: (stored: StoredClaim) => void;
  readonly reject: (error: unknown) => void;
};

/** A place in line, until its claim is bound or its last caller has left. */
export class Place {
  readonly draft: Omit<ClaimDraft, 'launch'>;
  readonly callers = new Set<Caller>();
  /** Whether a member is being bound for it: it is no longer in line. */
  isBinding = false;
  /** Whether no member was free when it came. */
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

/** Every operation but `returnFirst` takes the same time, however long the line is. */
export class WaitingLine {
  #places = new Set<Place>();

  get length(): number {
    return this.#places.size;
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
