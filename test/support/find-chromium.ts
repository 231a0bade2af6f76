// Finds the browser for tests, and installs it on a CI machine without one.
import { existsSync } from 'node:fs';
import { canInstallPackages, installPackages } from './apt-get.ts';

/** Path of Chromium: `CHROMIUM`, or Debian's. If it is missing and this is root on Debian, it is installed, which takes about a minute. */
export const findChromium = (): string => {
  const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (existsSync(chromium)) return chromium;
  if (process.env.CHROMIUM !== undefined || !canInstallPackages())
    throw new Error(
      `There is no browser at ${chromium}. Install one (Debian: apt-get install chromium), or set CHROMIUM to its path.`,
    );
  installPackages('chromium');
  return chromium;
};
