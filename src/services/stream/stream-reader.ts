// One open stream: a cursor to take events from, and a signal to wait for.
import type { Cursor } from './cursor.ts';
import type { Batch, StreamEvent } from './selector-view.ts';

/** Why a reader was woken: pools have changed, a heartbeat is due, or the stream has ended. */
export type Wake = 'news' | 'heartbeat' | 'ended';

export class StreamReader {
  readonly #cursor: Cursor;
  readonly #onClose: () => void;
  #isEnded = false;
  #wake = Promise.withResolvers<Wake>();

  constructor(cursor: Cursor, onClose: () => void) {
    this.#cursor = cursor;
    this.#onClose = onClose;
  }

  /** The next events; undefined if there are none now. */
  take(): Batch | undefined {
    return this.#cursor.next();
  }

  /** An event with the id to resume from after what was taken; undefined until the initial state is complete. */
  bookmark(): StreamEvent | undefined {
    return this.#cursor.bookmark();
  }

  /** Resolves when there may be something to take. */
  async wait(): Promise<Wake> {
    if (this.#isEnded) return 'ended';
    const why = await this.#wake.promise;
    this.#wake = Promise.withResolvers();
    return why;
  }

  wake(why: Wake): void {
    if (why === 'ended') this.#isEnded = true;
    this.#wake.resolve(why);
  }

  /** Must be called when the reader is no longer used. May be called again. */
  close(): void {
    this.wake('ended');
    this.#onClose();
  }
}
