// What the planner is told of one pool at one moment.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import type { MemberPhase } from '../../contract/member.ts';

/** One member as observed. Times are epoch milliseconds. The planner reads the phase and never sets it. */
export interface ObservedMember {
  readonly name: string;
  /** Revision of the template that it was made from. */
  readonly revision: string;
  readonly phase: MemberPhase;
  /** Whether a claim holds it. A member that is being restarted is starting, and not allocated. */
  readonly allocated: boolean;
  readonly createdAtMs: number;
  /** When it became ready last; absent when it never did. */
  readonly readyAtMs?: number | undefined;
  readonly restarts: number;
}

/** A strategy as stored: anything may stand in it. How odd values count says `maxUnavailable`. */
export interface StoredStrategy {
  readonly maxUnavailable?: number | string | undefined;
}

/** One pool as observed: the whole input of `planPool`, beside the time. */
export interface ObservedPool {
  readonly capacitySpec: CapacitySpec;
  readonly scaleStrategy?: StoredStrategy | undefined;
  readonly updateStrategy?: StoredStrategy | undefined;
  /** Every member that still exists, terminating and failed ones included, in any order. */
  readonly members: readonly ObservedMember[];
  /** Names of members to recycle or evict. Names of no member are skipped. */
  readonly toRemove: ReadonlySet<string>;
  /** Members that waiting claims still need, at least 0. */
  readonly unmet: number;
  /** Revision of the present template; members of any other are stale. */
  readonly revision: string;
  /** Nothing is started before this time (epoch milliseconds), because starts keep failing. */
  readonly backOffUntilMs?: number | undefined;
}
