// The numbers of the capacity bar, from a pool and what else is known of it.
import type { Member } from '../../contract/member.ts';
import type { PoolResponse } from '../../contract/pool.ts';
import type { Capacity } from './capacity-bar-geometry.ts';

/** From the status alone: everything that is neither allocated nor available counts as starting. */
export const capacityOf = ({ capacitySpec, status }: PoolResponse, waiting = 0): Capacity => {
  const { allocated = 0, available = 0, total = 0 } = status ?? {};
  return { ...capacitySpec, allocated, available, starting: Math.max(0, total - allocated - available), waiting };
};

/** From the members themselves: failed and terminating ones are counted separately. */
export const capacityOfMembers = (pool: PoolResponse, members: readonly Member[], waiting = 0): Capacity => {
  const count = (isCounted: (member: Member) => boolean) => members.filter(isCounted).length;
  return {
    ...pool.capacitySpec,
    allocated: count(({ allocated }) => allocated),
    available: count(({ allocated, phase }) => !allocated && phase === 'ready'),
    starting: count(({ allocated, phase }) => !allocated && phase === 'starting'),
    failed: count(({ allocated, phase }) => !allocated && phase === 'failed'),
    terminating: count(({ allocated, phase }) => !allocated && phase === 'terminating'),
    waiting,
  };
};
