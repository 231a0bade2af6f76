// What the API server of this machine can do for a bare client: measured before and after each measurement of claims.
import { percentiles } from '../stream/percentiles.ts';
import { NOBODY, type BareClient } from './bare-client.ts';
import { inParallel, openLoop } from './open-loop.ts';

export type Yardstick = {
  /** Pods a second that 8 connections create. */
  readonly podsPerSecond: number;
  /** Latencies of a merge patch of one annotation, one every 5 ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
};

const CONNECTIONS = 8;
const PATCHES_PER_SECOND = 200;
/** Pods that are patched in turn: the writes of one pod would wait for one another. */
const PATCHED_PODS = 100;
export const patched = (index: number): string => `patched-${index % PATCHED_PODS}`;

/** Creates the pods that are patched. */
export const preparePatches = async (bare: BareClient): Promise<void> => {
  await inParallel(
    CONNECTIONS,
    (started) => started >= PATCHED_PODS,
    (index) => bare.create(patched(index), 'patched', NOBODY),
  );
};

export const measureYardstick = async (bare: BareClient, seconds: number): Promise<Yardstick> => {
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  const isDone = () => performance.now() >= endMs;
  const created = await inParallel(CONNECTIONS, isDone, (index) => bare.create(`made-${index}`, 'made', NOBODY));
  const podsPerSecond = Math.round((created / (performance.now() - startMs)) * 1_000);
  await bare.deleteAll('made');
  const latenciesMs = await openLoop({ perSecond: PATCHES_PER_SECOND, seconds }, async (dueMs, index) => {
    await bare.patch(patched(index), String(dueMs));
    return performance.now() - dueMs;
  });
  const { p50Ms, p99Ms } = percentiles(latenciesMs);
  return { podsPerSecond, p50Ms, p99Ms };
};

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Of the measurements before and after. */
export const meanOf = (yardsticks: readonly Yardstick[]): Yardstick => ({
  podsPerSecond: mean(yardsticks.map(({ podsPerSecond }) => podsPerSecond)),
  p50Ms: mean(yardsticks.map(({ p50Ms }) => p50Ms)),
  p99Ms: mean(yardsticks.map(({ p99Ms }) => p99Ms)),
});
