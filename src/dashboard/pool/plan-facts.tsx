// The first step of a plan, and what holds it back.
import type { PoolPlan } from '../../contract/decision.ts';
import { Sentence } from './sentence.tsx';

const stepOf = ({ create, remove }: PoolPlan): string => {
  const parts = [create > 0 && `create ${create}`, remove.length > 0 && `remove ${remove.length}`].filter(Boolean);
  return parts.length === 0 ? 'none' : parts.join(', ');
};

/** The sentence says most of them. */
const unsaidReasons = ({ reasons, sentence }: PoolPlan) => reasons.filter(({ message }) => !sentence.includes(message));

export const PlanFacts = ({ plan }: { readonly plan: PoolPlan }) => (
  <dl className="facts plan-facts">
    <div>
      <dt>First step</dt>
      <dd>{stepOf(plan)}</dd>
    </div>
    <div>
      <dt>Desired</dt>
      <dd>{plan.desired}</dd>
    </div>
    {unsaidReasons(plan).length > 0 && (
      <div>
        <dt>Because</dt>
        <dd>
          {unsaidReasons(plan).map(({ code, message }) => (
            <p key={code}>
              <Sentence text={message} />
            </p>
          ))}
        </dd>
      </div>
    )}
  </dl>
);
