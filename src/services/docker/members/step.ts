// One step towards a running member, and what it is decided from.
import type { MemberPlan } from '../template/member-plan.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { MemberContainer } from './member-containers.ts';
import type { MemberRecord } from './member-record.ts';

/** `wait` until an event arrives, or until `untilMs`. `up`: every container runs. `gone`: the member's end. */
export type Step =
  | { readonly type: 'remove'; readonly containers: readonly MemberContainer[] }
  | { readonly type: 'create'; readonly spec: ContainerSpec; readonly mainId: string | undefined }
  | { readonly type: 'start'; readonly container: MemberContainer; readonly isRestart: boolean }
  | { readonly type: 'rejoin'; readonly container: MemberContainer }
  | { readonly type: 'wait'; readonly untilMs?: number; readonly message?: string }
  | { readonly type: 'fail'; readonly message: string }
  | { readonly type: 'gone' }
  | { readonly type: 'up'; readonly containers: readonly MemberContainer[] };

export type Observed = {
  readonly record: MemberRecord;
  readonly plan: MemberPlan;
  readonly containers: readonly MemberContainer[];
  /** Ids of containers that another client of the daemon stopped. */
  readonly stoppedByOthers: ReadonlySet<string>;
  /** Number of restarts in a row of a container. */
  readonly restartsOf: (id: string) => number;
  readonly nowMs: number;
};
