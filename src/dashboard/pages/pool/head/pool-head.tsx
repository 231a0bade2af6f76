// The header of a pool: its name and state, what can be done with it, and the answer to "what is wrong, and what now?"
import type { PoolResponse } from '../../../../contract/pool.ts';
import { statesOf, STATES } from '../../../pool/pool-state.ts';
import { StateLabel } from '../../../pool/state-label.tsx';
import { Age, ShortTime } from '../../../ui/time.tsx';
import { Answer } from './answer.tsx';
import { Gauge } from './gauge.tsx';
import { PoolActions } from './pool-actions.tsx';
import { usePresent } from './use-present.ts';

type PoolHeadProps = { readonly pool: PoolResponse; readonly onDeleted: () => void };

export const PoolHead = ({ pool, onDeleted }: PoolHeadProps) => {
  const { sentence, situation, capacity } = usePresent(pool);
  return (
    <div className="pool-head">
      <div className="who">
        <h1>{pool.name}</h1>
        <States pool={pool} />
        <span className="grow" />
        <PoolActions pool={pool} onDeleted={onDeleted} />
      </div>
      <div className="answer">
        <Answer sentence={sentence} situation={situation} />
        <Gauge capacity={capacity} />
      </div>
    </div>
  );
};

const SHOWN = 2;

const States = ({ pool }: { readonly pool: PoolResponse }) => {
  const states = statesOf(pool);
  const shown = states.filter(([key], index) => index === 0 || key !== 'ready').slice(0, SHOWN);
  const [first] = states;
  const since = first?.[0] === 'deleting' ? pool.deletingSince : first?.[1]?.lastTransitionTime;
  return (
    <>
      {shown.length === 0 && <StateLabel {...STATES.unknown} />}
      {shown.map(([key]) => (
        <StateLabel key={key} {...STATES[key]} />
      ))}
      {since !== undefined && (
        <span className="t3 since">
          since <ShortTime at={since} /> · <Age at={since} detailed />
        </span>
      )}
    </>
  );
};
