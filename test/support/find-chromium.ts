// Finds the browser for tests, and installs it on a CI machine without one.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Path of Chromium: `CHROMIUM`, or Debian's. If it is missing and this is root on Debian, it is installed, which takes about a minute. */
export const findChromium = (): string => {
  const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (existsSync(chromium)) return chromium;
  const mayInstall = process.env.CHROMIUM === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall)
    throw new Error(
      `There is no browser at ${chromium}. Install one (Debian: apt-get install chromium), or set CHROMIUM to its path.`,
    );
  const aptGet = (...args: string[]) =>
    execFileSync('apt-get', ['-q', '-y', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  aptGet('update');
  aptGet('install', '--no-install-recommends', 'chromium');
  return chromium;
};
