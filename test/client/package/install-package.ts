// The package as its users get it: built, packed, and installed from the tarball into a project of its own.
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs a program and returns its standard output. Throws an error with all of its output if it fails. */
export const run = (folder: string, program: string, ...args: string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
};

/** Path of a program installed for Warmpool itself. */
export const projectBin = (name: string): string => path.join(ROOT, 'node_modules', '.bin', name);

/** Builds the package that `installPackage` installs. */
export const buildPackage = (): string => run(ROOT, 'npm', 'run', '--silent', 'build:client');

/** Copies a project of this folder into another folder, and installs its dependencies and the built package there. */
export const installPackage = (folder: string, project: 'consumer' | 'react'): void => {
  const tarball = run(ROOT, 'npm', 'pack', '--silent', '--workspace', 'warmpool-client', '--pack-destination', folder);
  cpSync(new URL(project, import.meta.url), folder, { recursive: true });
  run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', tarball.trim());
};
