// One reader of the stream: where it stands. Nothing waits for it, so a slow one costs no memory: it is told the newest state when it asks.
import type { Batch, Channel } from './channel.ts';
import type { ChangeLog } from './change-log.ts';

type Place =
  /** Reads the present state behind a name; what changes meanwhile is corrected from `since` on. */
  | { readonly phase: 'state'; readonly since: number; readonly name: string }
  /** The present state is told; corrections and the bookmark are not. */
  | { readonly phase: 'correct'; readonly since: number }
  /** Follows the changes; `isResuming` until the first time that there are no more. */
  | { readonly phase: 'follow'; readonly number: number; readonly isResuming: boolean };

/** Why a reader was woken. */
export type Wake = 'news' | 'heartbeat' | 'ended';

type StreamReaderOptions = {
  readonly channel: Channel;
  readonly log: ChangeLog;
  /** Newest resource version that the stream knows of. */
  readonly resourceVersion: () => string;
  readonly lastEventId: string | undefined;
  readonly onClose: (reader: StreamReader) => void;
};

export class StreamReader {
  readonly #options: StreamReaderOptions;
  #place: Place;
  #isReset: boolean;
  #isEnded = false;
  #wake = Promise.withResolvers<Wake>();

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    const { channel, lastEventId, log } = options;
    const number = lastEventId === undefined ? undefined : channel.resumePoint(lastEventId);
    this.#isReset = lastEventId !== undefined && number === undefined;
    this.#place =
      number === undefined
        ? { phase: 'state', since: log.head, name: '' }
        : { phase: 'follow', number, isResuming: true };
  }

  /** Id to resume from, after what was taken; undefined while the initial state is not complete. */
  get resumeId(): string | undefined {
    const place = this.#place;
    return place.phase === 'follow' ? this.#options.channel.idOf(place.number) : undefined;
  }

  /** The next events; undefined when there are none now. */
  take(): Batch | undefined {
    for (;;) {
      const batch = this.#next();
      if (batch === undefined || batch.length > 0) return batch;
    }
  }

  /** Resolves when it is worth to take again. */
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

  /** Must be called when nobody reads any more. */
  close(): void {
    this.wake('ended');
    this.#options.onClose(this);
  }

  #next(): Batch | undefined {
    const { channel, log, resourceVersion } = this.#options;
    if (this.#isReset) {
      this.#isReset = false;
      return [channel.reset()];
    }
    const place = this.#place;
    switch (place.phase) {
      case 'state': {
        const { batch, lastName, isLast } = channel.stateBehind(place.name);
        this.#place = isLast ? { phase: 'correct', since: place.since } : { ...place, name: lastName };
        return batch;
      }
      case 'correct': {
        if (!log.reaches(place.since)) return this.#beginAnew();
        this.#place = { phase: 'follow', number: log.head, isResuming: false };
        return [...channel.corrections(place.since), channel.bookmark(log.head, resourceVersion())];
      }
      case 'follow': {
        if (!log.reaches(place.number)) return this.#beginAnew();
        const { batch, next } = channel.changesAfter(place.number);
        this.#place = { ...place, number: next };
        if (next < log.head) return batch;
        if (!place.isResuming) return batch.length > 0 ? batch : undefined;
        this.#place = { ...this.#place, isResuming: false };
        return [...batch, channel.bookmark(next, resourceVersion())];
      }
    }
  }

  /** More has changed than is remembered since this reader asked last. */
  #beginAnew(): Batch {
    const { channel, log } = this.#options;
    this.#place = { phase: 'state', since: log.head, name: '' };
    return [channel.reset()];
  }
}
