// What a runtime is to the server: the ports of the services, whether they work, and how they are closed.
import type { MemberPhase } from '../contract/member.ts';
import type { PoolStatus } from '../contract/pool.ts';
import type { Clock } from '../lib/clock.ts';
import { refusedClaims } from './claims/refused-claims.ts';
import { reportedHistory } from './history/reported-history.ts';
import { PoolIndex } from './pools/pool-index.ts';
import type { PoolStore } from './pools/ports.ts';
import type { ClaimObserver, HistoryObserver } from './runtime-observer.ts';
import type { ServicePorts } from './services.ts';
import { WarmpoolError } from './warmpool-error.ts';

/** Number of members of a pool. */
export type MemberCounts = {
  readonly pool: string;
  /** Undefined until the pool was observed. */
  readonly status: PoolStatus | undefined;
  /** Number in each phase; absent where another controller manages the members. */
  readonly phases?: Readonly<Record<MemberPhase, number>>;
  /** Number of live claims, and of clients that wait for a member; absent where the runtime has no claims. */
  readonly claims?: { readonly bound: number; readonly waiting: number };
};

export interface Runtime {
  readonly ports: ServicePorts;
  /** Why the store could not be read yet; undefined once it has been read. */
  readonly notReady: WarmpoolError | undefined;
  /** Sentences that say what does not work; empty when everything does. */
  problems(): readonly string[];
  /** Age of what reads return, in whole seconds; undefined while it is current. */
  ageSeconds(): number | undefined;
  /** Where the pools are, for people; absent where there is only one place. */
  readonly place?: { readonly namespace: string; readonly context?: string | undefined };
  countMembers(): Promise<readonly MemberCounts[]>;
  /** Stops all work and closes the store. Members keep running. Close the services first. */
  close(): Promise<void>;
}

/** The parts of a runtime whose reads are always current. */
export const alwaysInSync = {
  notReady: undefined,
  problems: () => [],
  ageSeconds: () => undefined,
} as const satisfies Partial<Runtime>;

/** A runtime without pools: every operation is refused with KUBERNETES::POOL_NOT_SUPPORTED and the reason. */
export const unsupportedRuntime = (
  reason: string,
  clock: Clock,
  observer: ClaimObserver & HistoryObserver,
): Runtime => {
  const refusal = new WarmpoolError('KUBERNETES::POOL_NOT_SUPPORTED', reason);
  const refuse = () => Promise.reject(refusal);
  const store: PoolStore = {
    create: refuse,
    get: refuse,
    list: refuse,
    update: refuse,
    delete: refuse,
    findByRetryKey: () => undefined,
    waitForSync: refuse,
    watch: (signal) => new PoolIndex().watch(signal),
  };
  return {
    ...alwaysInSync,
    ports: {
      store,
      clock,
      members: { list: refuse },
      decisions: { list: refuse },
      planner: { plan: refuse },
      reviewTemplate: () => [],
      claims: refusedClaims(refusal),
      history: reportedHistory(() => false),
      observer,
    },
    countMembers: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
};
