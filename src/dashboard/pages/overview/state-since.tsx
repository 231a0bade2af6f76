// The second line of a state: what else is true, and since when.
import type { PoolResponse } from '../../../contract/pool.ts';
import { poolState } from '../../pool/pool-state.ts';
import { Age } from '../../ui/time.tsx';
import { secondLine } from './row-text.ts';

export const StateSince = ({ pool }: { readonly pool: PoolResponse }) => {
  const state = poolState(pool);
  const second = secondLine(pool, state);
  return (
    <span className="under">
      {second}
      {second !== undefined && state.since !== undefined && ' · '}
      {state.since !== undefined && <Age at={state.since} />}
    </span>
  );
};
