// Work at a fixed rate, each piece at its time, however long the others take.
import { setTimeout } from 'node:timers/promises';

export type Rate = { readonly perSecond: number; readonly seconds: number };

/** Runs `task` with the time when it is due, on the clock of `performance.now`. Returns what the tasks returned. */
export const openLoop = async <Result>(
  { perSecond, seconds }: Rate,
  task: (dueMs: number, index: number) => Promise<Result>,
): Promise<Result[]> => {
  const startMs = performance.now() + 100;
  const run = async (index: number) => {
    const dueMs = startMs + (index / perSecond) * 1_000;
    await setTimeout(dueMs - performance.now());
    return task(dueMs, index);
  };
  return Promise.all(Array.from({ length: Math.max(1, Math.round(perSecond * seconds)) }, (_, index) => run(index)));
};

/** Runs `task` for every index at once. Returns how long each took, in milliseconds. */
export const allAtOnce = (count: number, task: (index: number) => Promise<unknown>): Promise<number[]> => {
  const startMs = performance.now();
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await task(index);
      return performance.now() - startMs;
    }),
  );
};

/** Runs `task` with running numbers, `concurrency` at a time, until it `isDone`. */
export const inParallel = async (
  concurrency: number,
  isDone: (started: number) => boolean,
  task: (index: number) => Promise<void>,
): Promise<number> => {
  let started = 0;
  const work = async () => {
    while (!isDone(started)) await task(started++);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return started;
};
