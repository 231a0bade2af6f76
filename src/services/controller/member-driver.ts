// The port behind which members are started and stopped.
import type { MemberPhase } from '../../contract/member.ts';
import type { Synced } from '../../lib/change-feed.ts';

/** A member as its driver sees it. Times are epoch milliseconds. */
export type DriverMember = {
  /** Unique among all members of the driver. */
  readonly name: string;
  readonly poolUid: string;
  readonly poolName: string;
  readonly revision: string;
  readonly phase: MemberPhase;
  readonly createdAtMs: number;
  /** When it began to start last: at its creation, or at its last restart. */
  readonly startingSinceMs: number;
  readonly readyAtMs?: number;
  readonly restarts: number;
  /** Why it failed. */
  readonly message?: string;
  readonly address?: string;
  readonly node?: string;
};

/** What a member is made of. */
export type MemberOrder = Pick<DriverMember, 'name' | 'poolUid' | 'poolName' | 'revision'> & {
  /** The pool's template, a PodTemplateSpec. */
  readonly template: Readonly<Record<string, unknown>>;
};

/** `present` tells of a new member or a changed one; `synced` ends the initial state. */
export type MemberEvent =
  | { readonly type: 'present'; readonly member: DriverMember }
  | { readonly type: 'gone'; readonly name: string }
  | Synced;

export interface MemberDriver {
  /** Begins to start a member; resolves when it exists, not when it is ready. Rejects when it cannot be started. */
  start(order: MemberOrder): Promise<void>;

  /** Begins to stop a member; nothing happens when it is stopping or gone. */
  stop(name: string): Promise<void>;

  /** What is really there, then `synced`, then every change, until `signal` aborts. A driver that loses touch reconnects by itself, and reports what is `gone` since. */
  watch(signal: AbortSignal): AsyncIterable<MemberEvent>;
}
