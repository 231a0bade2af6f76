// Repeats a read and a write until no concurrent writer comes between the two, like client-go's RetryOnConflict.
import { setTimeout } from 'node:timers/promises';
import { WarmpoolError } from '../warmpool-error.ts';

export type ConflictingWrite<Present, Result> = {
  /** Reads the object to write. `previous` is undefined in the first attempt, which may read a cache. */
  readonly read: (previous: Present | undefined) => Promise<Present>;
  readonly attempt: (present: Present, attempt: number) => Promise<Result>;
  /** Whether another attempt may succeed after this error. `attempt` counts from 1. */
  readonly isConflict: (error: unknown, attempt: number) => boolean;
  readonly maxAttempts: number;
  /** Longest wait after the second conflict, per attempt so far, in milliseconds: writers that race wait for different times. */
  readonly jitterMs: number;
};

/** Errors: those of `read` and `attempt`; UNAVAILABLE when every attempt lost. */
export const retryOnConflict = async <Present, Result>({
  read,
  attempt,
  isConflict,
  maxAttempts,
  jitterMs,
}: ConflictingWrite<Present, Result>): Promise<Result> => {
  let present = await read(undefined);
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt(present, attempts);
    } catch (error) {
      if (!isConflict(error, attempts)) throw error;
      if (attempts === maxAttempts) throw lostEveryRace(error);
    }
    if (attempts > 1 && jitterMs > 0) await setTimeout(Math.random() * jitterMs * attempts);
    present = await read(present);
  }
};

const lostEveryRace = (cause: unknown): WarmpoolError =>
  new WarmpoolError(
    'KUBERNETES::UNAVAILABLE',
    'The write kept losing to concurrent writers, so nothing was changed. Send the request again.',
    { cause },
  );
