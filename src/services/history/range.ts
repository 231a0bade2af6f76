// The points that a request for a history asks for.
import type { HistoryOptions } from '../../contract/history.ts';
import { HISTORY_DEFAULT_POINTS, HISTORY_DEFAULT_SECONDS, HISTORY_MAX_POINTS } from '../../contract/limits.ts';
import type { FoundViolation } from '../../contract/violations.ts';
import { invalidRequest } from '../warmpool-error.ts';
import { CHUNKS, FINE_READABLE_SECONDS, type Resolution } from './retention.ts';

/** `count` points, the first of which begins at `start`, in seconds since 1970-01-01 UTC. Both are multiples of the step. */
export type HistoryRange = {
  /** Which samples the points are combined from. */
  readonly resolution: Resolution;
  readonly start: number;
  readonly stepSeconds: number;
  readonly count: number;
};

/** Errors: REQUEST::INVALID for a range that is empty or has too many points. */
export const rangeOf = ({ from, to, step }: HistoryOptions, nowMs: number): HistoryRange => {
  const end = to === undefined ? nowMs / 1_000 : Date.parse(to) / 1_000;
  const start = from === undefined ? end - HISTORY_DEFAULT_SECONDS : Date.parse(from) / 1_000;
  if (start >= end) throw invalidRequest([emptyRange(from, to)]);
  const resolution = start < nowMs / 1_000 - FINE_READABLE_SECONDS ? 'coarse' : 'fine';
  const stepFor = (points: number) => inSamples((end - start) / (points - 1));
  const inSamples = (seconds: number) => roundUp(seconds, CHUNKS[resolution].stepSeconds);
  const range = { resolution, ...pointsOf(start, end, inSamples(step ?? stepFor(HISTORY_DEFAULT_POINTS))) } as const;
  if (range.count > HISTORY_MAX_POINTS)
    throw invalidRequest([
      {
        path: ['step'],
        message: `must be at least ${stepFor(HISTORY_MAX_POINTS)} for this range: a history has at most ${HISTORY_MAX_POINTS} points`,
      },
    ]);
  return range;
};

/** Every point whose interval has a part in the range. */
const pointsOf = (start: number, end: number, stepSeconds: number) => {
  const first = Math.floor(start / stepSeconds);
  return { start: first * stepSeconds, stepSeconds, count: Math.ceil(end / stepSeconds) - first };
};

const roundUp = (seconds: number, multiple: number): number => Math.ceil(seconds / multiple) * multiple;

const emptyRange = (from: string | undefined, to: string | undefined): FoundViolation => {
  if (from === undefined) return { path: ['to'], message: 'must be later than `from`' };
  return { path: ['from'], message: to === undefined ? 'must be earlier than now' : 'must be earlier than `to`' };
};
