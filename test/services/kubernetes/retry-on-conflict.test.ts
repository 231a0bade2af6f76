// Repetition of a write that loses to concurrent writers.
import { expect, test } from 'vitest';
import { retryOnConflict } from '../../../src/services/kubernetes/retry-on-conflict.ts';

const CONFLICT = new Error('conflict');
const policy = { maxAttempts: 3, jitterMs: 0, isConflict: (error: unknown) => error === CONFLICT };

/** Counts reads; each attempt rejects with the next error, and returns what it was computed from without one. */
const losing = (...errors: Error[]) => {
  const reads: (number | undefined)[] = [];
  const read = (previous: number | undefined) => Promise.resolve(reads.push(previous));
  const attempt = (present: number, attempts: number) => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve([present, attempts]);
  };
  return { reads, run: () => retryOnConflict({ read, attempt, ...policy }) };
};

test('a write that loses a race is computed again from a new read', async () => {
  const { reads, run } = losing(CONFLICT, CONFLICT);
  expect(await run()).toEqual([3, 3]);
  expect(reads).toEqual([undefined, 1, 2]);
});

test('an error other than a conflict rejects immediately', async () => {
  const { reads, run } = losing(CONFLICT, new Error('refused'));
  await expect(run()).rejects.toThrow('refused');
  expect(reads).toHaveLength(2);
});

test('a write that loses every race rejects with UNAVAILABLE, with the last conflict as its cause', async () => {
  const { run } = losing(CONFLICT, CONFLICT, CONFLICT);
  await expect(run()).rejects.toMatchObject({ code: 'KUBERNETES::UNAVAILABLE', cause: CONFLICT });
});
