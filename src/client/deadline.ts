// A time within which something must be done.

type Deadline = {
  /** Aborts when the time is over, and when the given signal does. */
  readonly signal: AbortSignal;
  readonly isOver: boolean;
  /** It was done in time. */
  cancel(): void;
};

export const startDeadline = (timeoutMs: number, signal?: AbortSignal | null): Deadline => {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort();
  }, timeoutMs);
  return {
    signal: AbortSignal.any([controller.signal, ...(signal ? [signal] : [])]),
    get isOver() {
      return controller.signal.aborted;
    },
    cancel: () => {
      clearTimeout(timer);
    },
  };
};
