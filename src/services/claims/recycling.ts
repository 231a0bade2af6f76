// What happens to a member when its claim ends.
import type { MemberPhase } from '../../contract/member.ts';
import type { RecycleType } from '../../contract/strategies.ts';
import type { ClaimEnd } from './ports.ts';

/** `return` puts it back into the buffer as it is. */
export type Recycling = 'remove' | 'restart' | 'return';

type Used = {
  readonly member: { readonly phase: MemberPhase; readonly revision: string };
  /** Undefined if the pool is deleted. */
  readonly pool: { readonly revision: string; readonly recycleType: RecycleType | undefined } | undefined;
  readonly end: ClaimEnd;
};

/**
 * A lost, stale or unready member is removed whatever the strategy of the pool: clients that take turns on a stale one
 * would keep a rollout from ending. Otherwise the strategy decides; the default is Delete.
 */
export const decideRecycling = ({ member, pool, end }: Used): Recycling => {
  if (pool === undefined || end.state === 'lost') return 'remove';
  if (member.phase !== 'ready' || member.revision !== pool.revision) return 'remove';
  switch (pool.recycleType ?? 'Delete') {
    case 'Delete':
      return 'remove';
    case 'Restart':
      return 'restart';
    case 'Noop':
      return 'return';
  }
};
