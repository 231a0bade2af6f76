// Time as an argument, so that tests move it instead of sleeping.

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds since an arbitrary moment. Unlike `now`, nobody sets it: for durations and deadlines. */
  monotonic(): number;
  /** Runs `task` once after `delayMs`; the returned function cancels it. A pending task does not keep the process alive. */
  after(delayMs: number, task: () => void): () => void;
}

/** Longest delay that a Node timer supports, in milliseconds; with a longer one it fires immediately. */
const TIMER_MAX_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(Math.max(delayMs, 0), TIMER_MAX_MS)).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/** A time, epoch milliseconds, as RFC 3339 in UTC with milliseconds and `Z`. */
export const rfc3339 = (epochMs: number): string => new Date(epochMs).toISOString();
