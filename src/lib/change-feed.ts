// Hands changes of keyed things to any number of readers, each at its own speed: what waits for a slow one is the newest change of each key.

/** Ends the initial state of a feed. */
export type Synced = { readonly type: 'synced' };

type ChangeFeedOptions<Change> = {
  /** What a change is of: at most one change a key waits for a reader, which bounds the memory of slow ones. */
  readonly keyOf: (change: Change) => string;
  /** What a reader is told instead of two changes of one key; undefined: nothing. Default: the newer one. */
  readonly merge?: (waiting: Change, next: Change) => Change | undefined;
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

  /** The present state, `synced`, and what is published from then on, until `signal` aborts. */
  async *watch(present: () => Iterable<Change>, signal: AbortSignal): AsyncGenerator<Change | Synced> {
    const backlog = new Backlog(this.#options);
    const stop = () => {
      backlog.wake();
    };
    signal.addEventListener('abort', stop);
    try {
      // Listening begins in the same tick as the present state is read: nothing falls between the two.
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

/** What waits for one reader. */
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
    const waiting = this.#changes.get(key);
    const next = waiting === undefined || merge === undefined ? change : merge(waiting, change);
    if (next === undefined) this.#changes.delete(key);
    else this.#changes.set(key, next);
    this.wake();
  }

  wake(): void {
    this.#wake.resolve(undefined);
  }

  /** The changes that wait, oldest key first; waits until there is one, or `wake` is called. */
  async take(): Promise<Iterable<Change>> {
    if (this.#changes.size === 0) await this.#wake.promise;
    this.#wake = Promise.withResolvers();
    const taken = this.#changes;
    this.#changes = new Map();
    return taken.values();
  }
}
