// Removes containers and volumes that have certain labels.
import { isAlreadyDone } from '../connection/daemon-error.ts';
import { LABELS, withLabels } from './labels.ts';
import type { MemberContext } from './member-context.ts';

type Parts = Pick<MemberContext, 'docker' | 'writes'>;
type Labels = Readonly<Record<string, string>>;

/** Awaits a call whose purpose may be fulfilled already. */
export const unlessDone = async (call: Promise<unknown>): Promise<void> => {
  try {
    await call;
  } catch (error) {
    if (!isAlreadyDone(error)) throw error;
  }
};

/** How much longer than the grace period a stop may take. */
const STOP_MARGIN_MS = 60_000;

/** Ends a container as Kubernetes does: SIGTERM, and SIGKILL after the grace period. */
export const stopContainer = (
  { longCalls, closing }: Pick<MemberContext, 'longCalls' | 'closing'>,
  id: string,
  graceSeconds: number,
): Promise<void> => {
  const late = AbortSignal.timeout(graceSeconds * 1_000 + STOP_MARGIN_MS);
  return unlessDone(
    longCalls.getContainer(id).stop({ t: graceSeconds, abortSignal: AbortSignal.any([closing, late]) }),
  );
};

/** Removes a container and its anonymous volumes, running or not. */
export const removeContainer = ({ docker, writes }: Parts, id: string): Promise<void> =>
  writes.run(() => unlessDone(docker.getContainer(id).remove({ force: true, v: true })));

/** Removes the volumes with these labels that `isKept` does not select. */
export const removeVolumes = async (
  { docker, writes }: Parts,
  labels: Labels,
  isKept: (labels: Labels) => boolean = () => false,
): Promise<void> => {
  const { Volumes } = await docker.listVolumes({ filters: JSON.stringify(withLabels(labels)) });
  const removed = Volumes.filter((volume) => !isKept(volume.Labels));
  await Promise.all(removed.map(({ Name }) => writes.run(() => unlessDone(docker.getVolume(Name).remove()))));
};

/** Removes the containers and volumes of a data directory whose member is not known. */
export const removeOrphans = async (
  parts: Parts,
  instance: string,
  isKnown: (member: string) => boolean,
): Promise<void> => {
  const mine = { [LABELS.instance]: instance };
  const isKept = (labels: Labels) => isKnown(labels[LABELS.member] ?? '');
  const containers = await parts.docker.listContainers({ all: true, filters: withLabels(mine) });
  const orphans = containers.filter(({ Labels }) => !isKept(Labels));
  await Promise.all(orphans.map(({ Id }) => removeContainer(parts, Id)));
  await removeVolumes(parts, mine, isKept);
};
