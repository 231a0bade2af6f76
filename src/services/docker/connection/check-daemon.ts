// What keeps the driver from starting.
import type Docker from 'dockerode';
import { StartupError } from '../../startup-error.ts';
import { textOf } from './daemon-error.ts';

export const unreachable = (host: string, cause: unknown): StartupError =>
  new StartupError(
    `The Docker daemon at ${host} cannot be used: ${textOf(cause)}. Start it, or set DOCKER_HOST or [local.docker] host, or use the driver simulated.`,
    { cause },
  );

/** Throws StartupError when the network does not exist. */
export const requireNetwork = async (docker: Docker, network: string): Promise<void> => {
  const networks = await docker.listNetworks();
  if (!networks.some(({ Name, Id }) => Name === network || Id === network))
    throw new StartupError(
      `The Docker network "${network}" does not exist. Create it with "docker network create ${network}", or set [local.docker] network.`,
    );
};
