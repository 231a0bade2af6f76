// How far the restart of a pod is, from its mark and the containers that run.
import type { Pod } from '../members/pod.ts';
import type { ClaimMark } from './claim-mark.ts';

/** Ids of running containers, by name. */
type RunningContainers = Readonly<Record<string, string>>;

export type RestartState = {
  /** When the attempt began, epoch milliseconds. */
  readonly sinceMs: number;
  /** Names of the containers to replace that still run. */
  readonly running: readonly string[];
};

/** The containers that a restart replaces. Init containers that run to their end are not among them; sidecars are. */
export const runningContainers = ({ spec, status }: Pod): RunningContainers => {
  const sidecars = new Set(spec.initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always').map(nameOf));
  const statuses = [
    ...status.initContainerStatuses.filter(({ name }) => sidecars.has(name)),
    ...status.containerStatuses,
  ];
  return Object.fromEntries(
    statuses.flatMap(({ name, containerID, state }) =>
      containerID === undefined || state.waiting || state.terminated ? [] : [[name, containerID]],
    ),
  );
};

const nameOf = ({ name }: { readonly name: string }) => name;

/** Undefined for a pod that is not being restarted. */
export const restartOf = (mark: ClaimMark | undefined, running: RunningContainers): RestartState | undefined => {
  if (mark?.state !== 'restarting' || mark.restartedAt === undefined) return undefined;
  const old = Object.entries(mark.containers ?? {});
  return {
    sinceMs: Date.parse(mark.restartedAt),
    running: old.filter(([name, id]) => running[name] === id).map(([name]) => name),
  };
};

/** Whether the containers of a pod end with their process 1, and are then started again. */
export const isRestartable = ({ restartPolicy, shareProcessNamespace, hostPID }: Pod['spec']): boolean =>
  restartPolicy === 'Always' && !shareProcessNamespace && !hostPID;
