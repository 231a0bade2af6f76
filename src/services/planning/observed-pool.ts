// The input of the scaling rule: one pool at one moment.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import type { MemberPhase } from '../../contract/member.ts';

/** One member as observed. Times are epoch milliseconds. The planner reads the phase and never sets it. */
export interface ObservedMember {
  readonly name: string;
  /** Revision of the template that it was created from. */
  readonly revision: string;
  readonly phase: MemberPhase;
  /** Whether a claim holds it. The rule treats a held member as ready, whatever its probe reports. */
  readonly allocated: boolean;
  /** Whether it is terminating and should have ended minutes ago. Default false. */
  readonly isStuck?: boolean | undefined;
  readonly createdAtMs: number;
  /** When it last became ready; absent if it never did. */
  readonly readyAtMs?: number | undefined;
  readonly restarts: number;
}

/** A strategy as stored, which may be any value: `maxUnavailableOf` says how unusual ones are read. */
export interface StoredStrategy {
  readonly maxUnavailable?: number | string | undefined;
}

/** One pool as observed: with the time, the whole input of `decide`. */
export interface ObservedPool {
  readonly capacitySpec: CapacitySpec;
  readonly scaleStrategy?: StoredStrategy | undefined;
  readonly updateStrategy?: StoredStrategy | undefined;
  /** Every member that still exists, terminating and failed ones included, in any order. */
  readonly members: readonly ObservedMember[];
  /** Names of members to recycle or evict. Unknown names are ignored. */
  readonly toRemove: ReadonlySet<string>;
  /** Members that waiting claims still need, at least 0. */
  readonly unmet: number;
  /** Revision of the current template; members of any other are stale. */
  readonly revision: string;
  /** Nothing is started before this time (epoch milliseconds), because starts keep failing. */
  readonly backOffUntilMs?: number | undefined;
}
