// Events of what the controller does and finds.
import type { DecisionJournal } from '../../controller/ports.ts';
import type { Pool } from '../../pools/pool.ts';
import type { RuntimeObserver } from '../../runtime-observer.ts';
import type { PoolEvents } from './pool-events.ts';

type Pools = { get(name: string): Pool | undefined; getByUid(uid: string): Pool | undefined };

/** A journal that reports the members of each decision that it keeps. */
export const reportSteps = (journal: DecisionJournal, pools: Pools, events: PoolEvents): DecisionJournal => ({
  add: (poolUid, decision) => {
    const pool = pools.getByUid(poolUid);
    if (pool !== undefined && decision.create > 0) events.membersCreated(pool, decision.create);
    if (pool !== undefined && decision.remove.length > 0) events.membersRemoved(pool, decision.remove.length);
    return journal.add(poolUid, decision);
  },
  lastReasonCodes: (poolUid) => journal.lastReasonCodes(poolUid),
  forget: (poolUid) => {
    journal.forget(poolUid);
  },
});

/** An observer that reports why a pool is degraded. */
export const reportDegraded = (
  observer: Pick<RuntimeObserver, 'step' | 'stepFailed' | 'degradedChanged'>,
  pools: Pools,
  events: PoolEvents,
): Pick<RuntimeObserver, 'step' | 'stepFailed' | 'degradedChanged'> => ({
  step: observer.step.bind(observer),
  stepFailed: observer.stepFailed.bind(observer),
  degradedChanged: (name, degraded) => {
    observer.degradedChanged(name, degraded);
    const pool = pools.get(name);
    if (pool === undefined) return;
    if (degraded.reason === 'StartFailing') events.startsFailed(pool, degraded.message);
    if (degraded.reason === 'ForeignController') events.contested(pool, degraded.message);
    if (degraded.reason === 'StuckTerminating') events.stuckTerminating(pool, degraded.message);
  },
});
