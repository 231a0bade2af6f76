// How long the members of a pool take to start.
import type { Member } from '../../../contract/member.ts';

export type StartTimes = { readonly medianMs: number; readonly p95Ms: number };

/** Of the members that have become ready; undefined if none has. A restart in place keeps the first time. */
export const startTimes = (members: readonly Member[]): StartTimes | undefined => {
  const times = members
    .flatMap(({ createdAt, readyAt }) => (readyAt === undefined ? [] : [Date.parse(readyAt) - Date.parse(createdAt)]))
    .filter((ms) => ms >= 0)
    .sort((one, other) => one - other);
  const [medianMs, p95Ms] = [0.5, 0.95].map((share) => times[Math.ceil(share * times.length) - 1]);
  return medianMs === undefined || p95Ms === undefined ? undefined : { medianMs, p95Ms };
};

/** `0.4 s`, `11.8 s`, `2 min 5 s`. */
export const formatSeconds = (ms: number): string => {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};
