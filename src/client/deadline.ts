// A time limit as an abort signal.

type Deadline = {
  /** Aborts after the time limit, or when the caller's signal aborts. */
  readonly signal: AbortSignal;
  readonly isExceeded: boolean;
  /** Lifts the time limit. */
  cancel(): void;
};

export const startDeadline = (timeoutMs: number, signal?: AbortSignal | null): Deadline => {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort();
  }, timeoutMs);
  return {
    signal: AbortSignal.any([controller.signal, ...(signal ? [signal] : [])]),
    get isExceeded() {
      return controller.signal.aborted;
    },
    cancel: () => {
      clearTimeout(timer);
    },
  };
};
