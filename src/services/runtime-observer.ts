// What a runtime reports while it works, for metrics and logs.
import type { Claim, ClaimState } from '../contract/claim.ts';
import type { Condition } from '../contract/conditions.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { WarmpoolError } from './warmpool-error.ts';

/** The cluster and namespace that hold the pools. */
export type ClusterLocation = {
  /** Address of the cluster, and where it was found. */
  readonly where: string;
  readonly namespace: string;
  /** What is unsafe about the connection. */
  readonly warning?: string | undefined;
};

/** A claim whose member was bound, as far as it is observed. */
export type BoundClaim = Pick<Claim, 'poolUid' | 'launch' | 'createdAt' | 'boundAt'>;

export interface ClaimObserver {
  /** A member was bound to a new claim, after the client waited for it. Replays are not reported. */
  claimBound(claim: BoundClaim, waitSeconds: number): void;
  /** A request for a claim failed with this code; `poolUid` is undefined if it failed before its pool was read. */
  claimRefused(code: ErrorCode, poolUid?: string): void;
  claimEnded(state: Exclude<ClaimState, 'bound'>): void;
  /** Claims that have expired could not be ended; it is tried again within a second. */
  claimSweepFailed(error: unknown): void;
}

export interface HistoryObserver {
  /** Stored samples cannot be read, and are treated as not sampled. Reported once. */
  historyUnreadable(error: unknown): void;
  /** Samples could not be taken or written; it is tried again with the next ones. */
  historyNotWritten(error: unknown): void;
}

export interface RuntimeObserver extends ClaimObserver, HistoryObserver {
  /** A write of the store ended. `isDone` is false when it was refused or failed. */
  write(call: 'create' | 'update' | 'delete', isDone: boolean, seconds: number): void;
  /** A scaling step created and stopped this many members. Steps that do nothing are not reported. */
  step(created: number, stopped: number): void;
  /** A scaling step failed; it is retried after `retryMs`. */
  stepFailed(poolUid: string, error: unknown, retryMs: number): void;
  /** The pool's condition Degraded has changed its status, or is True for another reason. */
  degradedChanged(pool: string, degraded: Omit<Condition, 'lastTransitionTime'>): void;
  /** The member driver could not advance a member; it retries after `retryMs`. The pool is undefined if the member is gone. */
  driverFailed(poolUid: string | undefined, error: unknown, retryMs: number): void;
  /** The data directory had so many members of a driver that does not run. */
  membersDiscarded(driver: 'simulated' | 'docker', count: number): void;
  /** A call to the API server ended. `verb` as in RBAC, `status` is `none` without a response. */
  call(verb: string, status: number | 'none', seconds: number): void;
  /** The cluster and the namespace of the pools were selected. The cluster may be unreachable. */
  clusterSelected(cluster: ClusterLocation): void;
  /** The cache lost its sync, once for each reason, or is in sync again: then `problem` is undefined. */
  syncChanged(problem: WarmpoolError | undefined): void;
  /** The account of the server lacks a permission, which switches a feature off. Reported once, until it is granted. */
  permissionMissing(problem: string): void;
}
