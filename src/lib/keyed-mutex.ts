// A mutex for each key: tasks of one key run one after the other, tasks of different keys at the same time.

export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `task` after every earlier task of the same key has ended. */
  async run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(task, task);
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }
}
