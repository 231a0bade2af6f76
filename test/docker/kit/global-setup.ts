// One daemon for all test files, with the image of the tests.
import Docker from 'dockerode';
import type { TestProject } from 'vitest/node';
import { dockerAddress } from '../../../src/services/docker/connection/docker-host.ts';
import { findDaemon } from './find-daemon.ts';
import { IMAGE, importImage } from './image.ts';
import { NETWORK, TestDaemon } from './test-daemon.ts';

declare module 'vitest' {
  interface ProvidedContext {
    docker: { host: string; network: string };
  }
}

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const { host } = await findDaemon();
  if (host !== undefined) {
    const docker = new Docker(dockerAddress(host));
    await importImage(docker);
    provide('docker', { host, network: 'bridge' });
    return () => docker.getImage(IMAGE).remove();
  }
  const daemon = await TestDaemon.start();
  await importImage(daemon.docker);
  provide('docker', { host: daemon.host, network: NETWORK });
  return () => daemon.remove();
};
