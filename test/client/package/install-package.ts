// The package as its users get it: built, packed, and installed from the tarball into a folder that has nothing else.
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CONSUMER = fileURLToPath(new URL('consumer', import.meta.url));

/** Runs a program and gives its standard output. Throws with all that it said. */
export const run = (folder: string, program: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
};

/** A program that the project itself has installed. */
export const projectBin = (name: string): string => path.join(ROOT, 'node_modules', '.bin', name);

/** Puts the code of `consumer`, the package, and Node.js 20 where npm has it, into a folder. */
export const installPackage = (folder: string): void => {
  run(ROOT, 'npm', 'run', '--silent', 'build:client');
  const tarball = run(ROOT, 'npm', 'pack', '--silent', '--workspace', 'warmpool-client', '--pack-destination', folder);
  cpSync(CONSUMER, folder, { recursive: true });
  run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', tarball.trim());
};
