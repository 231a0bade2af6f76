// The phase of a pod as a member, at one moment. Some phases change without an event of the pod: `next` says when.
import type { MemberPhase } from '../../../contract/member.ts';
import { RESTART_DEADLINE_MS } from '../../controller/recycler.ts';
import { messageOf, readyCondition } from '../members/pod-member.ts';
import type { ContainerStatus, Pod } from '../members/pod.ts';
import type { RestartState } from './restart-state.ts';

/** Times are epoch milliseconds. */
export type PodPhase = {
  readonly phase: MemberPhase;
  readonly message?: string | undefined;
  readonly startingSinceMs: number;
  readonly readyAtMs?: number | undefined;
  readonly isUnscheduled: boolean;
  /** Whether it is terminating and has not ended in time. */
  readonly isStuck?: boolean | undefined;
  /** What changes without an event of the pod, and when. */
  readonly next?: { readonly atMs: number; readonly change: Partial<PodPhase> } | undefined;
};

/** A container that waits for one of these reasons does not start by itself. Source: kubelet. */
const HOPELESS = new Set(['InvalidImageName', 'CreateContainerConfigError', 'CrashLoopBackOff']);
/** How long a pod may be in such a state before it has failed. */
const HOPELESS_MS = 60_000;
/** A pod whose containers were restarted so often before it was handed out for the first time has failed as well. */
const RESTARTS_MAX = 3;
/** A container that still runs so long after it was asked to end ignores that. */
const END_MS = 30_000;
/** A pod that still exists this long after its deletionTimestamp, which includes its grace period, is stuck. */
const STUCK_MS = 2 * 60_000;

type PodUse = {
  /** Whether it was never handed out. */
  readonly isNew: boolean;
  /** Whether a claim holds it: then only its end matters, not what its containers go through. */
  readonly isHeld: boolean;
  readonly restart?: RestartState | undefined;
};

export const phaseOfPod = (pod: Pod, nowMs: number, { isNew, isHeld, restart }: PodUse): PodPhase => {
  const { metadata, status } = pod;
  const readiness = readyCondition(status);
  const scheduledAt = conditionOf(pod, 'PodScheduled')?.lastTransitionTime;
  const isUnscheduled = scheduledAt === undefined && pod.spec.nodeName === undefined;
  const changedMs = timeOf(readiness?.lastTransitionTime);
  const startedMs = timeOf(scheduledAt) ?? Date.parse(metadata.creationTimestamp);
  const since = { startingSinceMs: startedMs, isUnscheduled };
  if (metadata.deletionTimestamp !== undefined) {
    const next = {
      atMs: Date.parse(metadata.deletionTimestamp) + STUCK_MS,
      change: { isStuck: true, message: holdersOf(pod) },
    };
    return reached({ ...since, phase: 'terminating', message: messageOf(status), next }, nowMs);
  }
  if (status.phase === 'Failed' || status.phase === 'Succeeded')
    return { ...since, phase: 'failed', message: messageOf(status) ?? `The pod ${status.phase.toLowerCase()}.` };
  const isReady = readiness?.status === 'True' && status.podIP !== undefined;
  if (restart !== undefined && (!isReady || restart.running.length > 0)) return whileRestarting(restart, pod, nowMs);
  if (isReady)
    return {
      ...since,
      startingSinceMs: restart?.sinceMs ?? startedMs,
      phase: 'ready',
      readyAtMs: changedMs ?? startedMs,
    };
  // One that was ready before starts once more.
  const startingSinceMs = Math.max(startedMs, changedMs ?? 0);
  const message = messageOf(status);
  const starting = { phase: 'starting', message, startingSinceMs, isUnscheduled } as const;
  if (isHeld || !isHopeless(status, isNew)) return starting;
  return reached({ ...starting, next: { atMs: startingSinceMs + HOPELESS_MS, change: { phase: 'failed' } } }, nowMs);
};

/** Starting until no container that it had before runs and it is ready; failed if that takes too long. */
const whileRestarting = ({ sinceMs, running }: RestartState, { status }: Pod, nowMs: number): PodPhase => {
  const atMs = sinceMs + (running.length > 0 ? END_MS : RESTART_DEADLINE_MS);
  const message =
    running.length > 0 ? `Process 1 of container "${running.join('", "')}" has not ended.` : messageOf(status);
  const restarting = { phase: 'starting', message, startingSinceMs: sinceMs, isUnscheduled: false } as const;
  return reached({ ...restarting, next: { atMs, change: { phase: 'failed' } } }, nowMs);
};

/** The phase once the time of `next` has come. */
const reached = ({ next, ...phase }: PodPhase, nowMs: number): PodPhase =>
  next !== undefined && nowMs >= next.atMs ? { ...phase, ...next.change } : { ...phase, next };

/** What may keep a pod that is deleted: its finalizers, and the kubelet of its node, which has to confirm that it stopped. */
const holdersOf = ({ metadata: { finalizers }, spec: { nodeName } }: Pod): string =>
  [
    ...(finalizers.length > 0 ? [`finalizers ${finalizers.join(', ')}`] : []),
    nodeName === undefined ? 'no node' : `node ${nodeName}`,
  ].join('; ');

const isHopeless = ({ initContainerStatuses, containerStatuses }: Pod['status'], isNew: boolean): boolean =>
  [...initContainerStatuses, ...containerStatuses].some(
    ({ state, restartCount }: ContainerStatus) =>
      HOPELESS.has(state.waiting?.reason ?? '') || (isNew && restartCount >= RESTARTS_MAX),
  );

const conditionOf = ({ status }: Pod, type: string) =>
  status.conditions.find((condition) => condition.type === type && condition.status === 'True');

const timeOf = (time: string | null | undefined): number | undefined =>
  time === undefined || time === null ? undefined : Date.parse(time);
