// What a runtime is to the server: where pools live, whether it is in order, and how it ends.
import type { MemberPhase } from '../contract/member.ts';
import type { PoolUseCases } from './pools/pool-service.ts';

/** How many members a pool has in each phase. */
export type MemberCounts = { readonly pool: string; readonly phases: Readonly<Record<MemberPhase, number>> };

export interface Runtime {
  readonly pools: PoolUseCases;
  /** Why the runtime works with restrictions only, in sentences; none: all is well. */
  problems(): readonly string[];
  /** The members of every pool. */
  countMembers(): Promise<readonly MemberCounts[]>;
  /** Ends what runs and closes the store. Members stay as they are. */
  close(): Promise<void>;
}

/** A runtime without pools. */
export const poollessRuntime = (pools: PoolUseCases): Runtime => ({
  pools,
  problems: () => [],
  countMembers: () => Promise.resolve([]),
  close: () => Promise.resolve(),
});
