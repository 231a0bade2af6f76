// What is kept of a pod: thousands of whole ones would not fit.
import type { MemberPort } from '../../../contract/member.ts';
import type { DriverMember, ReportedUse } from '../../controller/ports.ts';
import type { Pod } from '../members/pod.ts';
import { parseMark, type ClaimMark } from './claim-mark.ts';
import { CLAIM, EVICT, IDLE, POOL_NAME, POOL_UID, REVISION } from './pod-metadata.ts';
import { phaseOfPod, type PodPhase } from './pod-phase.ts';
import { isRestartable, restartOf, runningContainers } from './restart-state.ts';

/** Times are epoch milliseconds. */
export type PodRecord = PodPhase & {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly poolUid: string;
  readonly poolName: string;
  readonly revision: string;
  readonly createdAtMs: number;
  readonly restarts: number;
  readonly address?: string | undefined;
  readonly node?: string | undefined;
  readonly ports: readonly MemberPort[];
  /** How often it was handed out, as written on it; absent unless nobody holds it. */
  readonly idle?: string | undefined;
  /** The mark as written: a write tests that it is unchanged. */
  readonly markText?: string | undefined;
  /** Undefined without a mark, and for one that cannot be read. */
  readonly mark?: ClaimMark | undefined;
  readonly isEvicted: boolean;
  /** Ids of the containers that run, by name. */
  readonly containers: Readonly<Record<string, string>>;
  /** Whether its template allows its containers to be restarted. */
  readonly isRestartable: boolean;
};

/** Undefined for a pod that is not a member of a pool of Warmpool. */
export const recordOf = (pod: Pod, nowMs: number): PodRecord | undefined => {
  const { metadata, spec, status } = pod;
  const { name, uid, resourceVersion, labels, annotations } = metadata;
  const poolUid = annotations[POOL_UID];
  const poolName = labels[POOL_NAME];
  if (poolUid === undefined || poolName === undefined) return undefined;
  const idle = annotations[IDLE];
  const markText = annotations[CLAIM];
  const mark = markText === undefined ? undefined : parseMark(markText);
  const containers = runningContainers(pod);
  return {
    ...phaseOfPod(pod, nowMs, {
      isNew: idle === '0',
      isHeld: mark?.state === 'held',
      restart: restartOf(mark, containers),
    }),
    name,
    uid,
    resourceVersion,
    poolUid,
    poolName,
    revision: annotations[REVISION] ?? '',
    createdAtMs: Date.parse(metadata.creationTimestamp),
    restarts: status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    address: status.podIP,
    node: spec.nodeName,
    ports: spec.containers.flatMap(({ ports }) => ports),
    idle,
    markText,
    mark,
    isEvicted: labels[EVICT] !== undefined,
    containers,
    isRestartable: isRestartable(spec),
  };
};

/** Who uses a pod, as written on it. */
export const useOf = ({ idle, markText, mark, isEvicted }: PodRecord): ReportedUse => {
  if (mark?.state === 'held') return { by: 'claim', claimId: mark.id };
  if (mark !== undefined) return { by: 'recycling', isRemoval: mark.recycling === 'remove' };
  // Neither idle nor held, or with a mark that nobody can read: nobody may get it.
  const isClean = idle !== undefined && markText === undefined && !isEvicted;
  return isClean ? { by: 'nobody' } : { by: 'recycling', isRemoval: true };
};

/** The pod as a member. @param use Who uses it, where more is known than what is written on it. */
export const reportOf = (record: PodRecord, use: ReportedUse): DriverMember => ({
  name: record.name,
  poolUid: record.poolUid,
  poolName: record.poolName,
  revision: record.revision,
  phase: record.phase,
  createdAtMs: record.createdAtMs,
  startingSinceMs: record.startingSinceMs,
  readyAtMs: record.readyAtMs,
  isUnscheduled: record.isUnscheduled,
  isStuck: record.isStuck,
  restarts: record.restarts,
  ...(record.message !== undefined && { message: record.message }),
  ...(record.address !== undefined && { address: record.address }),
  ...(record.node !== undefined && { node: record.node }),
  ...(record.ports.length > 0 && { ports: record.ports }),
  use,
});
