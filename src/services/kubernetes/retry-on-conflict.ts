// Repeats a read and a write until no concurrent writer comes between the two, like client-go's RetryOnConflict.
import { setTimeout } from 'node:timers/promises';
import { WarmpoolError } from '../warmpool-error.ts';

export type ConflictingWrite<Present, Result> = {
  /** The object of the first attempt, if it is known: it may be out of date. */
  readonly cached: Present | undefined;
  /** Reads the object, after an attempt with `previous`. */
  readonly read: (previous: Present | undefined) => Promise<Present>;
  /** `attempt` counts from 1. */
  readonly attempt: (present: Present, attempt: number) => Promise<Result>;
  /** Whether another attempt may succeed after this error. `isCached`: the attempt was made with `cached`. */
  readonly isConflict: (error: unknown, isCached: boolean) => boolean;
  readonly maxAttempts: number;
  /** Longest wait after the second conflict, per attempt so far, in milliseconds: writers that race wait for different times. */
  readonly jitterMs: number;
};

/** Errors: those of `read` and `attempt`; UNAVAILABLE when every attempt lost. */
export const retryOnConflict = async <Present, Result>({
  cached,
  read,
  attempt,
  isConflict,
  maxAttempts,
  jitterMs,
}: ConflictingWrite<Present, Result>): Promise<Result> => {
  let present = cached ?? (await read(undefined));
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt(present, attempts);
    } catch (error) {
      if (!isConflict(error, attempts === 1 && cached !== undefined)) throw error;
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
