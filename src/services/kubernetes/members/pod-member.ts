// A pod as a member of its pool.
import type { Member, MemberPhase } from '../../../contract/member.ts';
import { rfc3339 } from '../../../lib/clock.ts';
import type { Pool } from '../../pools/pool.ts';
import type { ContainerStatus, Pod } from './pod.ts';

/** Label of a pool's pods. Source: OpenSandbox's pool controller. */
const REVISION_LABEL = 'sandbox.opensandbox.io/pool-revision';

/** @param allocated Names of the allocated pods. */
export const memberFromPod = ({ metadata, spec, status }: Pod, pool: Pool, allocated: ReadonlySet<string>): Member => {
  const { name } = metadata;
  const revision = metadata.labels[REVISION_LABEL] ?? '';
  const present = pool.status?.revision ?? '';
  const phase = phaseOf(metadata, status);
  const readyAt = phase === 'ready' ? readyCondition(status)?.lastTransitionTime : undefined;
  const message = phase === 'ready' ? undefined : messageOf(status);
  const containers = [...status.initContainerStatuses, ...status.containerStatuses];
  return {
    name,
    pool: pool.name,
    phase,
    allocated: allocated.has(name),
    revision,
    stale: present !== '' && revision !== present,
    ...(status.podIP !== undefined && { address: status.podIP }),
    ...(spec.nodeName !== undefined && { node: spec.nodeName }),
    createdAt: inMilliseconds(metadata.creationTimestamp),
    ...(readyAt && { readyAt: inMilliseconds(readyAt) }),
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
    ...(message !== undefined && { message }),
  };
};

/** Kubernetes writes whole seconds. */
const inMilliseconds = (time: string): string => rfc3339(Date.parse(time));

export const readyCondition = ({ conditions }: Pod['status']) => conditions.find(({ type }) => type === 'Ready');

const phaseOf = ({ deletionTimestamp }: Pod['metadata'], status: Pod['status']): MemberPhase => {
  if (deletionTimestamp !== undefined) return 'terminating';
  // A member runs until it is stopped, so one that succeeded is reported as failed.
  if (status.phase === 'Failed' || status.phase === 'Succeeded') return 'failed';
  return readyCondition(status)?.status === 'True' ? 'ready' : 'starting';
};

/** Why the pod is not ready: its own message, or that of the first container or condition that has one. */
export const messageOf = (status: Pod['status']): string | undefined =>
  status.message ??
  // Until the init containers are done the others only say PodInitializing.
  status.initContainerStatuses.map(initContainerMessage).find(Boolean) ??
  status.containerStatuses.map(containerMessage).find(Boolean) ??
  status.conditions.find((condition) => condition.status === 'False' && condition.message)?.message;

/** Nothing for one that has succeeded, or waits for an earlier one. */
const initContainerMessage = (container: ContainerStatus): string | undefined => {
  const { waiting, terminated } = container.state;
  if (terminated?.exitCode === 0 || waiting?.reason === 'PodInitializing') return undefined;
  const message = containerMessage(container);
  return message && `init container "${container.name}": ${message}`;
};

const containerMessage = ({ state: { waiting, terminated } }: ContainerStatus): string | undefined =>
  [(waiting ?? terminated)?.reason, (waiting ?? terminated)?.message].filter(Boolean).join(': ') || undefined;
