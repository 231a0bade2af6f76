// The end of a call, by a clock that tests move.
import type { Clock } from '../../../lib/clock.ts';

export type Deadline = {
  /** Aborts when the deadline passes, and by `abort`. */
  readonly signal: AbortSignal;
  abort(): void;
  /** Ends the timer: the signal does not abort any more. */
  cancel(): void;
};

export const deadlineIn = (clock: Clock, delayMs: number): Deadline => {
  const controller = new AbortController();
  const cancel = clock.after(delayMs, () => {
    controller.abort(new DOMException('The deadline has passed.', 'TimeoutError'));
  });
  return {
    signal: controller.signal,
    abort: () => {
      cancel();
      controller.abort();
    },
    cancel,
  };
};
