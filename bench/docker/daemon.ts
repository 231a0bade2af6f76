// The Docker daemon of the benchmark: that of DOCKER_HOST, the local one, or one that it starts, with an image of busybox.
import Docker from 'dockerode';
import { dockerAddress } from '../../src/services/docker/connection/docker-host.ts';
import { findDaemon } from '../../test/docker/kit/find-daemon.ts';
import { IMAGE, importImage } from '../../test/docker/kit/image.ts';
import { NETWORK, TestDaemon } from '../../test/docker/kit/test-daemon.ts';

export type BenchDaemon = {
  readonly docker: Docker;
  readonly host: string;
  readonly network: string;
  /** Removes the image, and the daemon if the benchmark has started it. */
  readonly close: () => Promise<unknown>;
};

/** `missing` says, as a sentence, why there is no daemon. */
export const openDaemon = async (): Promise<BenchDaemon | { readonly missing: string }> => {
  const { host, missing } = await findDaemon();
  if (missing !== undefined) return { missing };
  if (host === undefined) {
    const daemon = await TestDaemon.start();
    await importImage(daemon.docker);
    return { docker: daemon.docker, host: daemon.host, network: NETWORK, close: () => daemon.remove() };
  }
  const docker = new Docker(dockerAddress(host));
  await importImage(docker);
  return { docker, host, network: 'bridge', close: () => docker.getImage(IMAGE).remove() };
};
