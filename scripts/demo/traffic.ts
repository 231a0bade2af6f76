// Who uses the pools of the demo, and how.
import { BREAKING_CHANGE, POOLS } from './pools.ts';
import {
  claimInWaves,
  claimOnce,
  claimRepeatedly,
  labelsFrom,
  type RepeatedWork,
  type Site,
  type Waves,
  type Work,
} from './callers.ts';
import { createRandom } from './random.ts';

const REVIEWERS = 6;
const SHOPPERS = 18;
const NOTEBOOK_USERS = ['ada', 'grace', 'katherine'] as const;

const REVIEWS: RepeatedWork = {
  pool: POOLS.steady.name,
  holdSeconds: [10, 40],
  idleSeconds: [4, 20],
  waitSeconds: 30,
  ttlSeconds: 60,
  crashRate: 0.05,
  labels: labelsFrom({
    job: ['review-1841', 'review-1843', 'review-1850', 'review-1857', 'review-1862'],
    user: ['dana', 'felix', 'mei', 'olu'],
    repo: ['storefront', 'ledger', 'search'],
  }),
};

const CI_JOBS: Work = {
  pool: POOLS.bursty.name,
  holdSeconds: [15, 50],
  waitSeconds: 60,
  ttlSeconds: 120,
  crashRate: 0.03,
  labels: labelsFrom({
    job: ['unit-tests', 'integration-tests', 'lint', 'build-image', 'e2e-chromium'],
    branch: ['main', 'release-4.2', 'fix-cart-rounding', 'upgrade-node'],
    user: ['merge-queue', 'dana', 'jonas'],
  }),
};

const CI_WAVES: Waves = { firstAfterSeconds: 4, everySeconds: [90, 140], jobs: [20, 34], arrivalSeconds: 6 };

const CHECKOUTS: RepeatedWork = {
  pool: POOLS.atItsLimit.name,
  holdSeconds: [20, 60],
  idleSeconds: [1, 3],
  waitSeconds: 120,
  ttlSeconds: 90,
  labels: labelsFrom({
    job: ['order-77120', 'order-77121', 'order-77124', 'order-77130', 'order-77138'],
    user: ['shop-eu', 'shop-us', 'shop-jp'],
  }),
};

/** People keep their notebooks open: longer than any demo, within what one timer can do. */
const ALL_DAY: Work['holdSeconds'] = [86_400, 86_400];

const notebookOf = (user: string): Work => ({
  pool: POOLS.failing.name,
  holdSeconds: ALL_DAY,
  waitSeconds: 60,
  ttlSeconds: 600,
  labels: labelsFrom({ user: [user], job: ['churn-model', 'embeddings', 'forecast'] }),
});

/** Resolves when the notebooks are in use, the pool is full again, and its template has been broken. */
const breakNotebooks = async ({ client, signal }: Site): Promise<void> => {
  const { name, capacitySpec } = POOLS.failing;
  const { promise: isFull, resolve, reject } = Promise.withResolvers<undefined>();
  const subscription = client.pools.watch.subscribe(
    { name },
    {
      onData: ({ data: event }) => {
        const status = 'pool' in event ? event.pool.status : undefined;
        if (status?.allocated === NOTEBOOK_USERS.length && status.available >= capacitySpec.bufferMin)
          resolve(undefined);
      },
      onError: reject,
    },
  );
  signal.addEventListener('abort', () => {
    resolve(undefined);
  });
  await isFull.finally(() => {
    subscription.unsubscribe();
  });
  if (!signal.aborted) await client.pools.patch.mutate({ name, ...BREAKING_CHANGE });
};

/** Uses the pools until the signal aborts. Rejects if a caller fails for a reason that no server should cause. */
export const generateTraffic = async (site: Site, seed: number): Promise<void> => {
  const randomFor = (name: string) => createRandom(seed, name);
  const crew = (size: number, work: RepeatedWork) =>
    Array.from({ length: size }, (_, index) => claimRepeatedly(work, site, randomFor(`${work.pool}-${index}`)));
  await Promise.all([
    ...crew(REVIEWERS, REVIEWS),
    ...crew(SHOPPERS, CHECKOUTS),
    claimInWaves(CI_JOBS, CI_WAVES, site, randomFor(CI_JOBS.pool)),
    ...NOTEBOOK_USERS.map((user) => claimOnce(notebookOf(user), site, randomFor(user))),
    breakNotebooks(site),
  ]);
};
