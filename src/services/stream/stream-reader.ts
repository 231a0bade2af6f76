// One reader of the stream: where it stands. Nothing waits for it, so a slow one costs no memory: it is told the newest state when it asks.
import type { Batch, Channel, Knowledge } from './channel.ts';

type Place =
  /** Is told the present state behind a name; what changes meanwhile is told after it, from `since` on. */
  | { readonly phase: 'state'; readonly since: number; readonly name: string }
  /** Is told what changed after `number`; with `isAwaited` a bookmark says that it was all. */
  | {
      readonly phase: 'changes';
      readonly number: number;
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
        : { phase: 'changes', number, knowledge: 'at least', isAwaited: true };
  }

  /** Id to resume from, after what was taken; undefined while the initial state is not complete. */
  get resumeId(): string | undefined {
    const place = this.#place;
    const isComplete = place.phase === 'changes' && place.knowledge !== 'anything';
    return isComplete ? this.#channel.idOf(place.number) : undefined;
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
      ? { phase: 'changes', number: since, knowledge: 'anything', isAwaited: true }
      : { phase: 'state', since, name: lastName };
    return batch;
  }

  #nextChanges({ number, knowledge, isAwaited }: Place & { phase: 'changes' }): Batch | undefined {
    const { log } = this.#channel.state;
    // More has changed than is remembered since this reader asked last.
    if (!log.reaches(number)) {
      this.#place = { phase: 'state', since: log.head, name: '' };
      return [this.#channel.reset()];
    }
    const { batch, next } = this.#channel.changesAfter(number, knowledge);
    if (next < log.head) {
      // It was told newer states of some pools than `next` stands for.
      const then = knowledge === 'exactly' ? 'at least' : knowledge;
      this.#place = { phase: 'changes', number: next, knowledge: then, isAwaited };
      return batch;
    }
    this.#place = { phase: 'changes', number: next, knowledge: 'exactly', isAwaited: false };
    if (isAwaited) return [...batch, this.#channel.bookmark(next)];
    return batch.length > 0 ? batch : undefined;
  }
}
