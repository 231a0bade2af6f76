// The claims of the local runtime, in memory and in SQLite. What a transaction writes is seen by its later writes, and by
// everybody else once it is committed.
import { claimNotFound } from '../claims/claim-errors.ts';
import { ClaimIndex } from '../claims/claim-index.ts';
import type { StoredClaim } from '../claims/ports.ts';
import type { ClaimTable, RecyclingOrder } from './sqlite/claim-table.ts';
import type { GroupCommit } from './sqlite/group-commit.ts';

export class ClaimRecord {
  /** The committed claims. */
  readonly committed = new ClaimIndex();
  readonly #table: ClaimTable;
  readonly #commits: GroupCommit;
  /** What the transaction that is running has written. */
  readonly #uncommitted = new Map<string, StoredClaim>();

  constructor(table: ClaimTable, commits: GroupCommit) {
    this.#table = table;
    this.#commits = commits;
    commits.onEnd(() => {
      this.#uncommitted.clear();
    });
  }

  /** Reads what is stored, and returns the orders to recycle members. */
  load(): readonly RecyclingOrder[] {
    const { claims, orders } = this.#table.load();
    for (const claim of claims) this.committed.put(claim);
    return orders;
  }

  /** Stores a new claim. Errors: the one of `whyNot` if its pool does not exist. */
  insert(stored: StoredClaim, whyNot: () => Error): Promise<StoredClaim> {
    return this.#commits.run(
      () => {
        // In the transaction: the pool may have been deleted a moment ago.
        if (!this.#table.insert(stored)) throw whyNot();
        this.#uncommitted.set(stored.claim.id, stored);
        return stored;
      },
      (result) => {
        this.committed.put(result);
      },
    );
  }

  /** Forgets the claims that ended before a time (epoch milliseconds), and the oldest of too many. */
  async forget(endedBeforeMs: number): Promise<void> {
    const forgotten = this.committed.forget(endedBeforeMs);
    if (forgotten.length === 0) return;
    await this.#commits.run(() => {
      for (const id of forgotten) this.#table.forget(id);
    });
  }

  /** The claim as this transaction sees it. Errors: CLAIM::NOT_FOUND. */
  present(id: string): StoredClaim {
    const present = this.#uncommitted.get(id) ?? this.committed.get(id);
    if (present === undefined) throw claimNotFound(id);
    return present;
  }

  /** Ids of the claims of a pool that this transaction sees as live, perhaps with some that have ended. */
  idsOf(poolUid: string): Iterable<string> {
    const uncommitted = this.#uncommitted.values().filter(({ claim }) => claim.poolUid === poolUid);
    return new Set([...this.committed.liveOf(poolUid), ...uncommitted].map(({ claim }) => claim.id));
  }

  /** Replaces a claim in the transaction that is running. */
  write(stored: StoredClaim): StoredClaim {
    this.#table.put(stored);
    this.#uncommitted.set(stored.claim.id, stored);
    return stored;
  }
}
