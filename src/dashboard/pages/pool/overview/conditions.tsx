// The conditions of a pool, in the order of its status: what is true, why, and since when.
import type { Condition } from '../../../../contract/conditions.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { Sentence } from '../../../pool/sentence.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Age } from '../../../ui/time.tsx';
import { conditionSign } from './condition-sign.ts';

export const Conditions = ({ pool }: { readonly pool: PoolResponse }) => {
  const conditions = pool.status?.conditions ?? [];
  if (conditions.length === 0) return <p className="t3">This pool has not reported a status yet.</p>;
  return (
    <ul className="conds">
      {conditions.map((condition) => (
        <ConditionRow key={condition.type} condition={condition} />
      ))}
    </ul>
  );
};

const ConditionRow = ({ condition }: { readonly condition: Condition }) => {
  const { type, status, reason, message, lastTransitionTime } = condition;
  const { icon, tone } = conditionSign(condition);
  return (
    <li>
      <span className={`state ${tone}`}>
        <Icon name={icon} />
      </span>
      <div>
        <div className="cond-head">
          <b>
            {type}
            <span className="sr"> is {status.toLowerCase()}:</span>
          </b>
          <span className={`cond-reason ${tone}`}>{reason}</span>
          <span className="grow" />
          {lastTransitionTime !== undefined && <Age at={lastTransitionTime} detailed />}
        </div>
        <p>
          <Sentence text={message} />
        </p>
      </div>
    </li>
  );
};
