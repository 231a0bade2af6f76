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
  readonly #readers = new Set<(change: Change) => void>();

  constructor(options: ChangeFeedOptions<Change>) {
    this.#options = options;
  }

  publish(change: Change): void {
    for (const push of this.#readers) push(change);
  }

  /** The current state, `synced`, then every published change, until `signal` aborts. */
  async *watch(present: () => Iterable<Change>, signal: AbortSignal): AsyncGenerator<Change | Synced> {
    const { keyOf, merge } = this.#options;
    let pending = new Map<string, Change>();
    let news = Promise.withResolvers<undefined>();
    const wake = () => {
      news.resolve(undefined);
    };
    const push = (change: Change) => {
      const key = keyOf(change);
      const known = pending.get(key);
      const next = known === undefined || merge === undefined ? change : merge(known, change);
      if (next === undefined) pending.delete(key);
      else pending.set(key, next);
      wake();
    };
    signal.addEventListener('abort', wake);
    try {
      // In the same tick as the current state is read: no change is lost between the two.
      this.#readers.add(push);
      yield* [...present()];
      yield { type: 'synced' };
      while (!signal.aborted) {
        if (pending.size === 0) await news.promise;
        news = Promise.withResolvers();
        const changes = pending;
        pending = new Map();
        yield* changes.values();
      }
    } finally {
      this.#readers.delete(push);
      signal.removeEventListener('abort', wake);
    }
  }
}
