// Repeats a read and a write until no concurrent writer comes between the two, like client-go's RetryOnConflict.
import { setTimeout } from 'node:timers/promises';
import { WarmpoolError } from '../warmpool-error.ts';

type ConflictPolicy = {
  readonly maxAttempts: number;
  /** Longest wait after the second conflict, per attempt so far, in milliseconds: writers that race wait for different times. */
  readonly jitterMs: number;
  /** Whether another attempt may succeed after this error. `attempt` counts from 1. */
  readonly isConflict: (error: unknown, attempt: number) => boolean;
};

export type ConflictingWrite<Present, Result> = {
  /** Reads the object to write. `previous` is undefined in the first attempt, which may read a cache. */
  readonly read: (previous: Present | undefined) => Promise<Present>;
  readonly attempt: (present: Present, attempt: number) => Promise<Result>;
  readonly policy: ConflictPolicy;
};

/** Errors: those of `read` and `attempt`; UNAVAILABLE when every attempt lost. */
export const retryOnConflict = async <Present, Result>(write: ConflictingWrite<Present, Result>): Promise<Result> => {
  const { read, attempt, policy } = write;
  let present = await read(undefined);
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt(present, attempts);
    } catch (error) {
      if (!policy.isConflict(error, attempts)) throw error;
      if (attempts === policy.maxAttempts) throw lostEveryRace(error);
    }
    if (attempts > 1 && policy.jitterMs > 0) await setTimeout(Math.random() * policy.jitterMs * attempts);
    present = await read(present);
  }
};

const lostEveryRace = (cause: unknown): WarmpoolError =>
  new WarmpoolError(
    'KUBERNETES::UNAVAILABLE',
    'The write kept losing to concurrent writers, so nothing was changed. Send the request again.',
    { cause },
  );
