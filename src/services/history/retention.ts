// How long samples are kept, and in what pieces. All times are in seconds since 1970-01-01 UTC.
import { COARSE_SAMPLE_SECONDS, SAMPLE_SECONDS } from '../../contract/limits.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** `fine`: a sample every 10 seconds. `coarse`: one every 5 minutes, combined from the fine ones. */
export type Resolution = 'fine' | 'coarse';

/** The samples of a pool are stored in chunks, which begin at multiples of their length. */
type Chunks = {
  readonly stepSeconds: number;
  readonly chunkSeconds: number;
  /** Number of samples in a chunk. */
  readonly length: number;
};

const chunksOf = (stepSeconds: number, chunkSeconds: number): Chunks => ({
  stepSeconds,
  chunkSeconds,
  length: chunkSeconds / stepSeconds,
});

/** Short enough that a compressed chunk stays below a quarter of a page of SQLite, above which a row needs pages of its own. */
export const CHUNKS: Readonly<Record<Resolution, Chunks>> = {
  fine: chunksOf(SAMPLE_SECONDS, HOUR / 2),
  coarse: chunksOf(COARSE_SAMPLE_SECONDS, 6 * HOUR),
};

/** Fine samples are readable for a day, and for an hour more: "24 hours ago" of a client's clock may be a little older. */
export const FINE_READABLE_SECONDS = DAY + HOUR;

/** How long chunks are kept after their end. */
export type Retention = Readonly<Record<Resolution, number>>;

export const ONE_DAY: Retention = { fine: FINE_READABLE_SECONDS, coarse: FINE_READABLE_SECONDS };
export const THIRTY_DAYS: Retention = { fine: FINE_READABLE_SECONDS, coarse: 30 * DAY };

/** Start of the oldest chunks that are kept at a time. */
export const keptSince = (resolution: Resolution, retention: Retention, now: number): number =>
  now - retention[resolution] - CHUNKS[resolution].chunkSeconds;

/** Start of the chunk that a time is in. */
export const chunkStart = (resolution: Resolution, time: number): number =>
  Math.floor(time / CHUNKS[resolution].chunkSeconds) * CHUNKS[resolution].chunkSeconds;
