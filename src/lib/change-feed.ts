// Delivers keyed changes to any number of readers, each at its own speed. A slow reader gets the newest change of each key.

/** Marks the end of a feed's initial state. */
export type Synced = { readonly type: 'synced' };

type ChangeFeedOptions<Change> = {
  /** At most one change of each key is pending for a reader, which bounds the memory of slow ones. */
  readonly keyOf: (change: Change) => string;
  /** Replaces two pending changes of one key; undefined drops both. Default: the newer one. */
  readonly merge?: (pending: Change, next: Change) => Change | undefined;
};

export class ChangeFeed<Change> {
  readonly #options: ChangeFeedOptions<Change>;
  readonly #backlogs = new Set<Backlog<Change>>();

  constructor(options: ChangeFeedOptions<Change>) {
    this.#options = options;
  }

  publish(change: Change): void {
    for (const backlog of this.#backlogs) backlog.push(change);
  }

  /** The current state, `synced`, then every published change, until `signal` aborts. */
  async *watch(present: () => Iterable<Change>, signal: AbortSignal): AsyncGenerator<Change | Synced> {
    const backlog = new Backlog(this.#options);
    const stop = () => {
      backlog.wake();
    };
    signal.addEventListener('abort', stop);
    try {
      // In the same tick as the current state is read: no change is lost between the two.
      this.#backlogs.add(backlog);
      yield* [...present()];
      yield { type: 'synced' };
      while (!signal.aborted) yield* await backlog.take();
    } finally {
      this.#backlogs.delete(backlog);
      signal.removeEventListener('abort', stop);
    }
  }
}

/** The pending changes of one reader. */
class Backlog<Change> {
  readonly #options: ChangeFeedOptions<Change>;
  #changes = new Map<string, Change>();
  #wake = Promise.withResolvers<undefined>();

  constructor(options: ChangeFeedOptions<Change>) {
    this.#options = options;
  }

  push(change: Change): void {
    const { keyOf, merge } = this.#options;
    const key = keyOf(change);
    const pending = this.#changes.get(key);
    const next = pending === undefined || merge === undefined ? change : merge(pending, change);
    if (next === undefined) this.#changes.delete(key);
    else this.#changes.set(key, next);
    this.wake();
  }

  wake(): void {
    this.#wake.resolve(undefined);
  }

  /** Takes the pending changes, oldest key first. Waits until there is one, or until `wake` is called. */
  async take(): Promise<Iterable<Change>> {
    if (this.#changes.size === 0) await this.#wake.promise;
    this.#wake = Promise.withResolvers();
    const taken = this.#changes;
    this.#changes = new Map();
    return taken.values();
  }
}
