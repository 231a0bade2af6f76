// A pod as a member of its pool.
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Member, MemberPhase } from '../../../contract/member.ts';
import type { Pool } from '../../pools/pool.ts';

/** Label of a pool's pods. Source: OpenSandbox's pool controller. */
const REVISION_LABEL = 'sandbox.opensandbox.io/pool-revision';

/** @param allocated Names of the pods that are held. */
export const toMember = (pod: V1Pod, pool: Pool, allocated: ReadonlySet<string>): Member => {
  const name = pod.metadata?.name ?? '';
  const revision = pod.metadata?.labels?.[REVISION_LABEL] ?? '';
  const present = pool.status?.revision ?? '';
  const phase = phaseOf(pod);
  const { podIP: address, nodeName: node } = { podIP: pod.status?.podIP, nodeName: pod.spec?.nodeName };
  const readyAt = phase === 'ready' ? rfc3339(readyCondition(pod)?.lastTransitionTime) : undefined;
  const message = messageOf(pod);
  return {
    name,
    pool: pool.name,
    phase,
    allocated: allocated.has(name),
    revision,
    stale: present !== '' && revision !== present,
    ...(address !== undefined && { address }),
    ...(node !== undefined && { node }),
    createdAt: rfc3339(pod.metadata?.creationTimestamp) ?? pool.createdAt,
    ...(readyAt !== undefined && { readyAt }),
    restarts: statusesOf(pod).reduce((sum, { restartCount }) => sum + restartCount, 0),
    ...(message !== undefined && phase !== 'ready' && { message }),
  };
};

/** client-node parses times into Dates. */
const rfc3339 = (time: Date | undefined): string | undefined => time?.toISOString();

const readyCondition = (pod: V1Pod) => pod.status?.conditions?.find(({ type }) => type === 'Ready');

const statusesOf = (pod: V1Pod): readonly V1ContainerStatus[] => pod.status?.containerStatuses ?? [];

const phaseOf = (pod: V1Pod): MemberPhase => {
  if (pod.metadata?.deletionTimestamp !== undefined) return 'terminating';
  const phase = pod.status?.phase;
  // A member is not supposed to end: one that succeeded is as useless as one that failed.
  if (phase === 'Failed' || phase === 'Succeeded') return 'failed';
  return readyCondition(pod)?.status === 'True' ? 'ready' : 'starting';
};

/** Why it is not ready: the pod's own words, or those of the first container or condition that has any. */
const messageOf = (pod: V1Pod): string | undefined => {
  const { status } = pod;
  if (status?.message !== undefined) return status.message;
  for (const { state } of statusesOf(pod)) {
    const why = state?.waiting ?? state?.terminated;
    if (why !== undefined) return [why.reason, why.message].filter(Boolean).join(': ') || undefined;
  }
  return status?.conditions?.find((condition) => condition.status === 'False' && condition.message)?.message;
};
