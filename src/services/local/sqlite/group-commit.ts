// Writes of the same turn of the event loop share a transaction: each is on disk before it resolves, at a fraction of the cost.
import type { Database } from './database.ts';

type Write = {
  /** May throw before it writes anything; it must not throw afterwards, unless SQLite fails. */
  readonly write: () => unknown;
  /** Applies the result to memory: after the commit, in the order of the writes, before anything else runs. */
  readonly apply: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
};

export class GroupCommit {
  readonly #database: Database;
  #waiting: Write[] = [];
  #cancel: NodeJS.Immediate | undefined;
  readonly #onEnd: (() => void)[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** Calls `listener` at the end of every transaction, whether it was committed or rolled back. */
  onEnd(listener: () => void): void {
    this.#onEnd.push(listener);
  }

  /** Runs `write` in the next transaction, then `apply`. An error of `write` rejects it alone, an error of SQLite rejects all that share the transaction. */
  run<Result>(write: () => Result, apply: (result: Result) => void = () => undefined): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        write,
        apply: (result) => {
          apply(result as Result);
          resolve(result as Result);
        },
        reject,
      });
      this.#cancel ??= setImmediate(() => {
        this.flush();
      });
    });
  }

  /** Commits what waits, now. */
  flush(): void {
    clearImmediate(this.#cancel);
    this.#cancel = undefined;
    const writes = this.#waiting;
    this.#waiting = [];
    if (writes.length === 0) return;
    let finish = (): void => undefined;
    try {
      const ends = this.#database.inTransaction(() => writes.map(run));
      finish = () => {
        for (const end of ends) end();
      };
    } catch (error) {
      finish = () => {
        for (const { reject } of writes) reject(error);
      };
    }
    finish();
    for (const listener of this.#onEnd) listener();
  }
}

/** Runs one write. Returns what to do after the commit. */
const run = ({ write, apply, reject }: Write): (() => void) => {
  try {
    const result = write();
    return () => {
      apply(result);
    };
  } catch (error) {
    if (error instanceof Error && 'errcode' in error) throw error;
    return () => {
      reject(error);
    };
  }
};
