// Which Docker daemon the tests use: that of DOCKER_HOST, the local one, or one of their own.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import Docker from 'dockerode';
import { dockerAddress } from '../../../src/services/docker/connection/docker-host.ts';

type FoundDaemon = {
  /** Address of a daemon that runs already; undefined when the tests start one. */
  readonly host?: string;
  /** What keeps the tests from running, as a sentence. */
  readonly missing?: string;
};

const LOCAL = 'unix:///var/run/docker.sock';

/** A static one, because it becomes an image. */
export const BUSYBOX = '/bin/busybox';

export const findDaemon = async (): Promise<FoundDaemon> => {
  if (!hasStaticBusybox()) return { missing: `${BUSYBOX} is not a static busybox (Debian: package busybox-static).` };
  const { DOCKER_HOST: configured = '' } = process.env;
  if (configured !== '')
    return (await responds(configured))
      ? { host: configured }
      : { missing: `DOCKER_HOST=${configured} does not respond.` };
  if (await responds(LOCAL)) return { host: LOCAL };
  if (!canStart())
    return { missing: 'no Docker daemon runs, and starting one takes root and dockerd (Debian: package docker.io).' };
  return {};
};

const responds = async (host: string): Promise<boolean> => {
  const docker = new Docker({ ...dockerAddress(host), timeout: 2_000 });
  return docker.ping().then(
    () => true,
    () => false,
  );
};

const canStart = (): boolean => {
  try {
    execFileSync('dockerd', ['--version'], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
};

export const hasStaticBusybox = (): boolean => {
  if (!existsSync(BUSYBOX)) return false;
  try {
    // ldd fails on what needs no libraries.
    execFileSync('ldd', [BUSYBOX], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
};
