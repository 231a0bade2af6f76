// What Warmpool's controller has to know about other controllers of the same pools.
import type { Clock } from '../../../lib/clock.ts';
import type { RuntimeProblem } from '../../controller/ports.ts';
import type { Pool } from '../../pools/pool.ts';
import { Contests } from './contests.ts';
import { ForeignPods } from './foreign-pods.ts';
import { contested, foreignController, foreignPods } from './handover.ts';

type Options = {
  /** Uid of the member of this name; undefined if there is none. */
  readonly uidOfMember: (name: string) => string | undefined;
  readonly clock: Clock;
  /** What is wrong with a pool may have changed. */
  readonly onChange: (poolUid: string) => void;
};

/** `pools` and `pods` are stores that follow all pools, and all pods with the label of a pool. */
export const openContests = ({ uidOfMember, clock, onChange }: Options) => {
  const foreign = new ForeignPods({
    uidOfMember,
    clock,
    onChange,
    onArrival: (pod) => {
      contests.takePod(pod);
    },
  });
  const contests: Contests = new Contests({ clock, onChange, foreignPods: (poolUid) => foreign.of(poolUid) });
  return {
    pools: contests,
    pods: foreign,
    isContested: (poolUid: string): boolean => contests.remainingMs(poolUid) > 0,
    /** Why nobody gets a member of a pool; undefined where nothing is wrong. */
    refusalOf: (pool: Pool) => {
      const remainingMs = contests.remainingMs(pool.uid);
      return remainingMs > 0 ? contested(pool, remainingMs) : undefined;
    },
    problemsOf: (pool: Pool, namespace: string): RuntimeProblem[] => [
      ...(contests.remainingMs(pool.uid) > 0 ? [foreignController] : []),
      ...foreignPods(pool, namespace, foreign.of(pool.uid)),
    ],
    close: () => {
      contests.clear();
    },
  };
};
