// Simulated callers: each claims members of one pool, holds them for a while, and releases them.
import { setTimeout } from 'node:timers/promises';
import { WarmpoolClientError, type CreateClaim, type WarmpoolClient } from '../../src/client/index.ts';
import { between, oneOf, type Random } from './random.ts';

/** Bounds of a random duration in seconds. */
type Seconds = readonly [min: number, max: number];

export type Work = {
  readonly pool: string;
  readonly holdSeconds: Seconds;
  /** How long a caller waits for a member. */
  readonly waitSeconds: number;
  /** Duration of the lease. It is renewed while the member is held. */
  readonly ttlSeconds: number;
  /** Share of callers that crash: they do not release their member, and the claim expires. */
  readonly crashRate?: number;
  readonly labels: (random: Random) => NonNullable<CreateClaim['labels']>;
};

export type Site = { readonly client: WarmpoolClient; readonly signal: AbortSignal };

/** Resolves after this time, or when the signal aborts. */
const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  setTimeout(seconds * 1_000, undefined, { signal }).catch(() => undefined);

/** A refused call is part of the demo, also because a person may delete a pool; anything else is a mistake in it. */
const isRefused = (error: unknown): boolean => error instanceof WarmpoolClientError;

const RETRY_SECONDS: Seconds = [3, 8];

/** Uses one member once. Resolves when it is released, or when the claim was refused. */
export const claimOnce = async (work: Work, { client, signal }: Site, random: Random): Promise<void> => {
  const { pool, ttlSeconds, waitSeconds } = work;
  const labels = work.labels(random);
  const holdSeconds = between(random, work.holdSeconds);
  try {
    if (random() < (work.crashRate ?? 0)) {
      await client.claims.create.mutate({ name: pool, ttlSeconds, waitSeconds, labels }, { signal });
      return;
    }
    await client.withClaim(
      pool,
      // The lease is lost if a person evicts the member.
      (_claim, lease) => pause(holdSeconds, lease.signal),
      { ttlSeconds, waitSeconds, labels, signal },
    );
  } catch (error) {
    if (!isRefused(error)) throw error;
    await pause(between(random, RETRY_SECONDS), signal);
  }
};

export type RepeatedWork = Work & {
  /** How long a caller waits between two claims. */
  readonly idleSeconds: Seconds;
};

/** One caller that uses members one after the other until the signal aborts. */
export const claimRepeatedly = async (work: RepeatedWork, site: Site, random: Random): Promise<void> => {
  await pause(random() * 2, site.signal);
  while (!site.signal.aborted) {
    await claimOnce(work, site, random);
    await pause(between(random, work.idleSeconds), site.signal);
  }
};

export type Waves = {
  readonly firstAfterSeconds: number;
  readonly everySeconds: Seconds;
  readonly jobs: readonly [min: number, max: number];
  /** How long it takes until all jobs of a wave have arrived. */
  readonly arrivalSeconds: number;
};

/** Waves of callers, each of which uses one member once, until the signal aborts. */
export const claimInWaves = async (work: Work, waves: Waves, site: Site, random: Random): Promise<void> => {
  const { signal } = site;
  const jobs = new Set<Promise<void>>();
  const oneJob = async () => {
    await pause(random() * waves.arrivalSeconds, signal);
    if (!signal.aborted) await claimOnce(work, site, random);
  };
  await pause(waves.firstAfterSeconds, signal);
  while (!signal.aborted) {
    for (let left = Math.round(between(random, waves.jobs)); left > 0; left--) {
      const job = oneJob().finally(() => jobs.delete(job));
      jobs.add(job);
    }
    await Promise.race([pause(between(random, waves.everySeconds), signal), failureOf(jobs)]);
  }
  await Promise.all(jobs);
};

/** Rejects as the first of the jobs that rejects; never resolves. */
const failureOf = (jobs: Iterable<Promise<void>>): Promise<never> =>
  new Promise((_, reject) => {
    for (const job of jobs) job.catch(reject);
  });

export const labelsFrom =
  (choices: Readonly<Record<string, readonly [string, ...string[]]>>): Work['labels'] =>
  (random) =>
    Object.fromEntries(Object.entries(choices).map(([key, values]) => [key, oneOf(random, values)]));
