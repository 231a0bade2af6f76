// What the scaling rule would do after the edit. A plan that is out of date stays, in stale colours, and says of when.
import { CapacityBar } from '../../../pool/capacity-bar.tsx';
import { capacityOf } from '../../../pool/capacity-of.ts';
import { PlanFacts } from '../../../pool/plan-facts.tsx';
import { Sentence } from '../../../pool/sentence.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { formatClock } from '../../../ui/format.ts';
import type { useUpdatePlan } from './use-update-plan.ts';

export const PlanSection = ({
  plan: { plan: pool, at, isCurrent, error },
}: {
  readonly plan: ReturnType<typeof useUpdatePlan>;
}) => (
  <section data-stale={isCurrent ? undefined : ''}>
    <h2>
      Plan
      <span className="grow" />
      {pool && at > 0 && <span className="t3 thin">dry run, {formatClock(at)}</span>}
    </h2>
    {error && isCurrent && <ErrorNotice title="The dry run failed." error={error} />}
    {pool?.plan && (
      <>
        {!isCurrent && <p className="note">Of the last valid text. It runs again when the text is valid.</p>}
        <CapacityBar capacity={capacityOf(pool)} width={320} />
        <p className="plan-sentence">
          <Sentence text={pool.plan.sentence} />
        </p>
        <PlanFacts plan={pool.plan} />
      </>
    )}
  </section>
);
