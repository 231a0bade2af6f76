// The containers of a member as the daemon has them now.
import type Docker from 'dockerode';
import { isNotFound } from '../connection/daemon-error.ts';
import { LABELS, withLabels } from './labels.ts';

/** Times are epoch milliseconds by the daemon's clock. */
export type MemberContainer = {
  readonly id: string;
  /** Name in the template. */
  readonly name: string;
  readonly launch: number;
  readonly state: 'created' | 'running' | 'exited' | 'removing';
  readonly exitCode: number;
  readonly isOutOfMemory: boolean;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly address: string | undefined;
};

/** All containers with these labels, those of earlier launches included. */
export const readContainers = async (
  docker: Docker,
  labels: Readonly<Record<string, string>>,
): Promise<MemberContainer[]> => {
  const listed = await docker.listContainers({ all: true, filters: withLabels(labels) });
  const containers = await Promise.all(listed.map(({ Id }) => readContainer(docker, Id)));
  return containers.filter((container) => container !== undefined);
};

/** Undefined when it is gone. */
const readContainer = async (docker: Docker, id: string): Promise<MemberContainer | undefined> => {
  try {
    const { State, Config, NetworkSettings } = await docker.getContainer(id).inspect();
    const addresses = Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
    return {
      id,
      name: Config.Labels[LABELS.name] ?? '',
      launch: Number(Config.Labels[LABELS.launch]),
      state: stateOf(State.Status),
      exitCode: State.ExitCode,
      isOutOfMemory: State.OOMKilled,
      startedAtMs: Date.parse(State.StartedAt),
      finishedAtMs: Date.parse(State.FinishedAt),
      address: addresses.find((address) => address !== ''),
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};

const stateOf = (status: string): MemberContainer['state'] => {
  switch (status) {
    case 'created':
    case 'removing':
      return status;
    case 'exited':
    case 'dead':
      return 'exited';
    default:
      // A paused one is still there, and continues when it is unpaused.
      return 'running';
  }
};
