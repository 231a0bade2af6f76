// Repetition of a write that loses to concurrent writers.
import { expect, test } from 'vitest';
import { retryOnConflict, type ConflictingWrite } from '../../../src/services/kubernetes/retry-on-conflict.ts';

const CONFLICT = new Error('conflict');
const policy = { maxAttempts: 3, jitterMs: 0, isConflict: (error: unknown) => error === CONFLICT };

/** Counts reads; each attempt rejects with the next error; without one it returns what it was computed from. */
const losing = (...errors: Error[]) => {
  const reads: (number | undefined)[] = [];
  const read = (previous: number | undefined) => Promise.resolve(reads.push(previous));
  const attempt = (present: number, attempts: number) => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve([present, attempts]);
  };
  return {
    reads,
    run: (options: Partial<ConflictingWrite<number, number[]>> = {}) =>
      retryOnConflict({ cached: undefined, read, attempt, ...policy, ...options }),
  };
};

test('A write that loses a race is computed again from a new read', async () => {
  const { reads, run } = losing(CONFLICT, CONFLICT);
  expect(await run()).toEqual([3, 3]);
  expect(reads).toEqual([undefined, 1, 2]);
});

test('An error other than a conflict rejects immediately', async () => {
  const { reads, run } = losing(CONFLICT, new Error('refused'));
  await expect(run()).rejects.toThrow('refused');
  expect(reads).toHaveLength(2);
});

test('A write that loses every race rejects with UNAVAILABLE, with the last conflict as its cause', async () => {
  const { run } = losing(CONFLICT, CONFLICT, CONFLICT);
  await expect(run()).rejects.toMatchObject({ code: 'KUBERNETES::UNAVAILABLE', cause: CONFLICT });
});

test('After an attempt with a cached object the object is read, and only the first attempt is reported as cached', async () => {
  const areCached: boolean[] = [];
  const { reads, run } = losing(CONFLICT, CONFLICT);
  const isConflict = (error: unknown, isCached: boolean) => {
    areCached.push(isCached);
    return error === CONFLICT;
  };
  expect(await run({ cached: 0, isConflict })).toEqual([2, 3]);
  expect(reads).toEqual([0, 1]);
  expect(areCached).toEqual([true, false]);
});
