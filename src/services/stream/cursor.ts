// One reader's position in the stream. Nothing is queued for it: it computes the newest state of each pool when asked.
import type { Batch, Knowledge, Replay, SelectorView, StreamEvent } from './selector-view.ts';

type Position =
  /** The reader has to discard what it knows. */
  | { readonly phase: 'reset' }
  /** The reader receives the current pools after a name; then it replays what has changed since. */
  | { readonly phase: 'snapshot'; readonly since: number; readonly afterName: string }
  /** The reader receives changes. While it is catching up, a bookmark follows the last one. */
  | {
      readonly phase: 'replay';
      readonly replay: Replay;
      readonly knowledge: Knowledge;
      readonly isCatchingUp: boolean;
    };

export class Cursor {
  readonly #view: SelectorView;
  #position: Position;

  /** @param lastEventId Id to resume from. Default: start with a snapshot. */
  constructor(view: SelectorView, lastEventId?: string) {
    this.#view = view;
    const resumed = lastEventId === undefined ? undefined : view.positionOf(lastEventId);
    if (resumed !== undefined) this.#position = this.#catchUp(resumed, 'at-least');
    else this.#position = lastEventId === undefined ? this.#start() : { phase: 'reset' };
  }

  /** The next events; undefined if there are none now. */
  next(): Batch | undefined {
    for (;;) {
      const batch = this.#advance();
      if (batch === undefined || batch.length > 0) return batch;
    }
  }

  /** An event with the id to resume from, after the batches returned so far; undefined until the initial state is complete. */
  bookmark(): StreamEvent | undefined {
    const position = this.#position;
    const isComplete = position.phase === 'replay' && position.knowledge !== 'unknown';
    return isComplete ? this.#view.bookmark(position.replay.from - 1) : undefined;
  }

  #advance(): Batch | undefined {
    const position = this.#position;
    if (position.phase === 'replay') return this.#advanceReplay(position);
    if (position.phase === 'reset') {
      this.#position = this.#start();
      return [this.#view.reset()];
    }
    const { batch, next } = this.#view.snapshot(position.afterName);
    this.#position = next === undefined ? this.#catchUp(position.since, 'unknown') : { ...position, afterName: next };
    return batch;
  }

  #advanceReplay(position: Position & { phase: 'replay' }): Batch | undefined {
    const { after, from } = position.replay;
    if (position.knowledge === 'exact' && after === this.#view.head) return undefined;
    const isContinued = from > after + 1;
    const replay = isContinued ? position.replay : this.#replayAfter(after);
    const part = this.#view.replay(replay, position.knowledge);
    if (part === undefined) {
      this.#position = { phase: 'reset' };
      return [];
    }
    const { batch, next } = part;
    if (next !== undefined) {
      this.#position = { ...position, replay: { ...replay, from: next } };
      return batch;
    }
    // The parts of a replay may contain states that are newer than the position at its end.
    const knowledge = isContinued ? 'at-least' : 'exact';
    this.#position = { phase: 'replay', replay: this.#replayAfter(replay.upTo), knowledge, isCatchingUp: false };
    if (position.isCatchingUp) return [...batch, this.#view.bookmark(replay.upTo)];
    return batch.length > 0 || replay.upTo > after ? batch : undefined;
  }

  #start(): Position {
    return { phase: 'snapshot', since: this.#view.head, afterName: '' };
  }

  #catchUp(after: number, knowledge: Knowledge): Position {
    return { phase: 'replay', replay: this.#replayAfter(after), knowledge, isCatchingUp: true };
  }

  /** Every change after a position, up to now. */
  #replayAfter(after: number): Replay {
    return { after, from: after + 1, upTo: this.#view.head };
  }
}
