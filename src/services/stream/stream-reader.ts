// One reader of the stream: where it stands. Nothing waits for it, so a slow one costs no memory: it is told the newest state when it asks.
import type { Batch, Channel, Knowledge, StreamEvent, Sweep } from './channel.ts';

type Place =
  /** Is told the present state behind a name; what changes meanwhile is told after it, from `since` on. */
  | { readonly phase: 'state'; readonly since: number; readonly name: string }
  /** Is told what changed; with `isAwaited` a bookmark says that it was all. */
  | {
      readonly phase: 'changes';
      readonly sweep: Sweep;
      readonly knowledge: Knowledge;
      readonly isAwaited: boolean;
    };

/** Why a reader was woken. */
export type Wake = 'news' | 'heartbeat' | 'ended';

export class StreamReader {
  readonly #channel: Channel;
  readonly #onClose: () => void;
  #place: Place;
  #isReset: boolean;
  #isEnded = false;
  #wake = Promise.withResolvers<Wake>();

  /** @param lastEventId Id of the last event that was received before. */
  constructor(channel: Channel, lastEventId: string | undefined, onClose: () => void) {
    this.#channel = channel;
    this.#onClose = onClose;
    const number = lastEventId === undefined ? undefined : channel.resumePoint(lastEventId);
    this.#isReset = lastEventId !== undefined && number === undefined;
    this.#place =
      number === undefined
        ? { phase: 'state', since: channel.state.log.head, name: '' }
        : { phase: 'changes', sweep: this.#sweepAfter(number), knowledge: 'at least', isAwaited: true };
  }

  /** Id to resume from, after what was taken; undefined while the initial state is not complete. */
  get resumeId(): string | undefined {
    return this.bookmark()?.id;
  }

  /** Says where to resume from; undefined while the initial state is not complete. */
  bookmark(): StreamEvent | undefined {
    const place = this.#place;
    const isComplete = place.phase === 'changes' && place.knowledge !== 'anything';
    return isComplete ? this.#channel.bookmark(place.sweep.from - 1) : undefined;
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
    this.#onClose();
  }

  #next(): Batch | undefined {
    if (this.#isReset) {
      this.#isReset = false;
      return [this.#channel.reset()];
    }
    const place = this.#place;
    return place.phase === 'state' ? this.#nextOfState(place) : this.#nextChanges(place);
  }

  #nextOfState({ since, name }: Place & { phase: 'state' }): Batch {
    const { batch, lastName, isLast } = this.#channel.stateBehind(name);
    this.#place = isLast
      ? { phase: 'changes', sweep: this.#sweepAfter(since), knowledge: 'anything', isAwaited: true }
      : { phase: 'state', since, name: lastName };
    return batch;
  }

  #nextChanges(place: Place & { phase: 'changes' }): Batch | undefined {
    const { log } = this.#channel.state;
    const { after, from } = place.sweep;
    // More has changed than is remembered since this sweep began.
    if (!log.reaches(after)) {
      this.#place = { phase: 'state', since: log.head, name: '' };
      return [this.#channel.reset()];
    }
    const isBegun = from > after + 1;
    const sweep = isBegun ? place.sweep : this.#sweepAfter(after);
    const { batch, next } = this.#channel.changes(sweep, place.knowledge);
    if (next !== undefined) {
      this.#place = { ...place, sweep: { ...sweep, from: next } };
      return batch;
    }
    // A sweep in parts told newer states of some pools than its end stands for.
    const knowledge = isBegun ? 'at least' : 'exactly';
    this.#place = { phase: 'changes', sweep: this.#sweepAfter(sweep.upTo), knowledge, isAwaited: false };
    if (place.isAwaited) return [...batch, this.#channel.bookmark(sweep.upTo)];
    return batch.length > 0 || sweep.upTo > after ? batch : undefined;
  }

  /** Everything that came after a number, up to now. */
  #sweepAfter(number: number): Sweep {
    return { after: number, from: number + 1, upTo: this.#channel.state.log.head };
  }
}
