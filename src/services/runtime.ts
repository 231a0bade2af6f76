// What a runtime is to the server: where pools live, whether it is in order, and how it ends.
import type { MemberPhase } from '../contract/member.ts';
import type { PoolStatus } from '../contract/pool.ts';
import { refusePools, type PoolUseCases } from './pools/pool-service.ts';
import { refuseStreams, type StreamUseCases } from './stream/pool-stream.ts';
import type { WarmpoolError } from './warmpool-error.ts';

/** How many members a pool has. */
export type MemberCounts = {
  readonly pool: string;
  /** As the status tells; undefined until something was observed. */
  readonly status: PoolStatus | undefined;
  /** In each phase; undefined where another controller keeps the members. */
  readonly phases?: Readonly<Record<MemberPhase, number>>;
};

export interface Runtime {
  readonly pools: PoolUseCases;
  readonly stream: StreamUseCases;
  /** Why the store was never read yet; undefined from the first time on. */
  readonly notReady: WarmpoolError | undefined;
  /** Why the runtime works with restrictions only, in sentences; none: all is well. */
  problems(): readonly string[];
  /** How old reads may be, in whole seconds; undefined while they are not. */
  ageSeconds(): number | undefined;
  /** The members of every pool. */
  countMembers(): Promise<readonly MemberCounts[]>;
  /** Ends what runs and closes the store. Members stay as they are. */
  close(): Promise<void>;
}

/** The parts of a runtime whose reads are never old and never in trouble. */
export const alwaysInTouch = {
  notReady: undefined,
  problems: () => [],
  ageSeconds: () => undefined,
} as const satisfies Partial<Runtime>;

/** A runtime without pools: every operation is refused with the reason. */
export const poollessRuntime = (reason: string): Runtime => ({
  ...alwaysInTouch,
  pools: refusePools(reason),
  stream: refuseStreams(reason),
  countMembers: () => Promise.resolve([]),
  close: () => Promise.resolve(),
});
