// What a cluster of mode `node` needs of the machine.
import { execFileSync } from 'node:child_process';
import { hasStaticBusybox } from '../../../docker/kit/find-daemon.ts';
import { canInstallPackages, installPackages } from '../../../support/apt-get.ts';
import { mustBuild } from '../binaries.ts';

/** What keeps a node from running, as a sentence. If packages are missing and this is root on Debian, they are installed. */
export const findMissing = (): string | undefined => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a node takes root on Linux.';
  if (!succeeds('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/run'))
    return 'a node takes a root that may mount file systems.';
  if (mustBuild('node') && !succeeds('go', 'version')) return 'building the binaries of a node takes Go 1.26 or newer.';
  const isComplete = () => hasStaticBusybox() && succeeds('runc', '--version');
  if (!isComplete() && canInstallPackages()) tryToInstall();
  return isComplete()
    ? undefined
    : 'a node takes runc and a static busybox (Debian: packages runc and busybox-static).';
};

/** Without a network the tests are skipped. */
const tryToInstall = (): void => {
  try {
    installPackages('runc', 'busybox-static');
  } catch {
    // apt-get has written why.
  }
};

const succeeds = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
