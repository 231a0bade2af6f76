// What the pool controller needs from a runtime: pools, a place for their status and its decisions, and members.
import type { Decision } from '../../contract/decision.ts';
import type { MemberPort } from '../../contract/member.ts';
import type { PoolStatus } from '../../contract/pool.ts';
import type { FoundViolation } from '../../contract/violations.ts';
import type { Synced } from '../../lib/change-feed.ts';
import type { PoolProblem } from '../planning/conditions.ts';
import type { ObservedMember } from '../planning/observed-pool.ts';
import type { PoolStore } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';

/** The pools to keep at their size. */
export interface PoolSource extends Pick<PoolStore, 'watch'> {
  /** The newest snapshot of a pool. The members of one that is `deleted` are stopped, those of one that is `unmanaged` are left alone. */
  find(uid: string): Pool | 'deleted' | 'unmanaged';

  /** What is wrong with a pool, as far as the runtime knows. Default: nothing. */
  problemsOf?(pool: Pool): readonly RuntimeProblem[];

  /** Stores what was observed. Returns false, and does nothing, when the pool is deleted or already has this status. */
  writeStatus(uid: string, status: PoolStatus): Promise<boolean>;
}

export type RuntimeProblem = PoolProblem & {
  /** Whether no member is started or stopped while it lasts. */
  readonly isBlocking: boolean;
};

/** Where decisions are kept. */
export interface DecisionJournal {
  /** Keeps a decision and gives it an id; does nothing when the pool is deleted. */
  add(poolUid: string, decision: Omit<Decision, 'id'>): Promise<void>;
  /** The reason codes of the newest decision; undefined when there is none. */
  lastReasonCodes(poolUid: string): Promise<readonly string[] | undefined>;
  /** Drops what is in memory of a deleted pool. */
  forget(poolUid: string): void;
}

/** Who uses a member, where that is kept with the member itself: nobody, a claim, or the recycling after one. */
export type ReportedUse =
  | { readonly by: 'nobody' }
  | { readonly by: 'claim'; readonly claimId: string }
  | { readonly by: 'recycling'; readonly isRemoval: boolean };

/** A member as its driver reports it; its name is unique among all members of the driver. Times are epoch milliseconds. */
export type DriverMember = Omit<ObservedMember, 'allocated'> & {
  readonly poolUid: string;
  readonly poolName: string;
  /** When it last began to start: at its creation, or at its last restart. */
  readonly startingSinceMs: number;
  /** Whether it waits for a place to run on: it has no start deadline. Default false. */
  readonly isUnscheduled?: boolean;
  /** Absent where the member table decides who uses it. */
  readonly use?: ReportedUse;
  /** Why it failed. */
  readonly message?: string;
  readonly address?: string;
  readonly ports?: readonly MemberPort[];
  readonly node?: string;
};

/** What a member is started from. */
export type MemberOrder = Pick<DriverMember, 'name' | 'poolUid' | 'poolName' | 'revision'> & {
  /** The pool's template, a PodTemplateSpec. */
  readonly template: Readonly<Record<string, unknown>>;
};

/** What a driver has to prepare, once for each revision of a pool, before it can start members. */
export type PreparationOrder = Pick<MemberOrder, 'poolUid' | 'revision' | 'template'>;

/** Whether members of a revision can be started. `message` is for people: progress, or why it failed. */
export type Preparation =
  | { readonly state: 'ready' }
  | { readonly state: 'preparing'; readonly reason: 'PullingImage'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string };

/**
 * `present` reports a new or changed member, `preparation` that `prepare` of a pool returns something new; `synced` ends
 * the initial state.
 */
export type MemberEvent =
  | { readonly type: 'present'; readonly member: DriverMember }
  | { readonly type: 'gone'; readonly name: string }
  | { readonly type: 'preparation'; readonly poolUid: string }
  | Synced;

/** What `stop` rejects with if the member is not what this server took it for: another server was first. Its next report says what it is. */
export class MemberChanged extends Error {}

/** Reports the members that exist. */
export interface MemberReports {
  /** The members that exist, then `synced`, then every change, until `signal` aborts. A driver that loses its connection reconnects by itself and reports members that disappeared meanwhile. */
  watch(signal: AbortSignal): AsyncIterable<MemberEvent>;
}

/** Starts, restarts and stops members. */
export interface MemberControl {
  /** What the driver does not support in a template, with paths from the template down; empty if nothing. */
  review(template: MemberOrder['template']): readonly FoundViolation[];

  /**
   * Begins to prepare members of a revision if that has not begun, and returns how far it is. Called before every step
   * that starts members. A failed preparation is tried again when it is called after the pool's back-off.
   */
  prepare(order: PreparationOrder): Preparation;

  /** Begins to start a member; resolves when it exists, not when it is ready. Rejects when it cannot be started. */
  start(order: MemberOrder): Promise<void>;

  /**
   * Begins to stop a member; does nothing when it is stopping or gone. Reports it as `terminating` or gone to every
   * watch before it resolves. If the member does not end after that, the driver reports its new phase, and `stop` is called again. Rejects with MemberChanged, which is no failure, if somebody else has decided about it.
   */
  stop(name: string): Promise<void>;

  /**
   * Begins to give a member a fresh start under the same name: reports it as `starting` before it resolves, then as `ready`
   * or `failed`. Rejects when it cannot be restarted.
   */
  restart(name: string): Promise<void>;

  /** Sentences that say what does not work; empty when everything does. */
  problems(): readonly string[];

  /** Releases timers and connections. Members stay as they are. */
  close(): void;
}

/** What runs members and reports them. */
export type MemberDriver = MemberControl & MemberReports;
