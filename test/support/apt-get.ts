// Debian packages for tests on a CI machine.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether this is root on Debian. */
export const canInstallPackages = (): boolean => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

export const installPackages = (...names: string[]): void => {
  const aptGet = (...args: string[]) =>
    execFileSync('apt-get', ['-q', '-y', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  aptGet('update');
  aptGet('install', '--no-install-recommends', ...names);
};
