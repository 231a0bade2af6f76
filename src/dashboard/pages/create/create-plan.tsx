// What the server would do with the new pool, and the same call with other tools.
import { CapacityBar } from '../../pool/capacity-bar.tsx';
import { GaugeMarks } from '../../pool/gauge-marks.tsx';
import { PlanFacts } from '../../pool/plan-facts.tsx';
import { Sentence } from '../../pool/sentence.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Snippet } from '../../ui/snippet.tsx';
import type { CreatePoolState } from './use-create-pool.ts';

export const CreatePlan = ({
  state: { plan, isCurrent, refusal, create, request },
}: {
  readonly state: CreatePoolState;
}) => (
  <aside className="plan" data-stale={isCurrent ? undefined : ''}>
    <h2>
      Plan
      <span className="t3 thin">dry run</span>
    </h2>
    {create.error && <ErrorNotice title="The pool was not created." error={create.error} />}
    {refusal && !create.error && <ErrorNotice title="The pool cannot be created." error={refusal} />}
    {plan?.plan && (
      <>
        <CapacityBar
          capacity={{ ...plan.capacitySpec, allocated: 0, available: 0, starting: plan.plan.create }}
          width={320}
          height={24}
        />
        <GaugeMarks bounds={plan.capacitySpec} />
        <p className="plan-sentence">
          <Sentence text={plan.plan.sentence} />
        </p>
        <PlanFacts plan={plan.plan} />
      </>
    )}
    {plan === undefined && !refusal && (
      <p className="t3">What the scaling rule would do appears here when the pool has a name and no problems.</p>
    )}
    {request && (
      <Snippet call={{ method: 'POST', path: 'v1/pools', body: request, procedure: 'pools.create', input: request }} />
    )}
  </aside>
);
