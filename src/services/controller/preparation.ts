// Preparing the driver before a step that starts members.
import { needsImage, withoutStarts, type Plan } from '../planning/decide.ts';
import { revisionOf } from '../planning/revision.ts';
import type { Pool } from '../pools/pool.ts';
import type { MemberControl, Preparation } from './ports.ts';

type PreparedPlan = {
  readonly plan: Plan;
  /** Present while members cannot be started yet. */
  readonly preparing?: Extract<Preparation, { state: 'preparing' }>;
};

type StartAttempt = {
  readonly driver: Pick<MemberControl, 'prepare'>;
  readonly pool: Pool;
  /** The plan of this moment. */
  readonly decide: () => Plan;
  /** Begins a back-off. A preparation that fails counts as a start that fails. */
  readonly fail: (message: string) => void;
};

/** The plan as far as the driver is prepared for it. While an image is pulled, nothing is started or replaced. */
export const planPrepared = ({ driver, pool, decide, fail }: StartAttempt): PreparedPlan => {
  const plan = decide();
  if (!needsImage(plan)) return { plan };
  const { uid: poolUid, specification } = pool;
  const preparation = driver.prepare({
    poolUid,
    revision: revisionOf(pool),
    template: specification.template ?? {},
  });
  switch (preparation.state) {
    case 'ready':
      return { plan };
    case 'preparing':
      return { plan: withoutStarts(plan), preparing: preparation };
    case 'failed':
      fail(preparation.message);
      return { plan: decide() };
  }
};
