// Who ended a container. Docker reports a signal sent through its API as `kill`, before the container's end; a process
// that ends by itself, or runs out of memory, has none.

/** Signals that programs take as messages: HUP, USR1, USR2, WINCH. */
const HARMLESS = new Set(['1', '10', '12', '28']);

export class StopLog {
  readonly #own = new Set<string>();
  readonly #byOthers = new Set<string>();

  /** Ids of containers that somebody else has stopped. */
  get byOthers(): ReadonlySet<string> {
    return this.#byOthers;
  }

  /** Signals to this container are the driver's own, until it starts again. */
  expect(id: string): void {
    this.#own.add(id);
  }

  signalled(id: string, signal: string | undefined): void {
    if (!this.#own.has(id) && !HARMLESS.has(signal ?? '')) this.#byOthers.add(id);
  }

  started(id: string): void {
    this.#own.delete(id);
    this.#byOthers.delete(id);
  }

  clear(): void {
    this.#byOthers.clear();
  }
}
