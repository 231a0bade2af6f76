// Runs the toolchains of other languages, with what they install in a cache folder outside of the repository.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { removeFolder } from '../support/remove-folder.ts';

const execute = promisify(execFile);

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const DOCUMENT = path.join(ROOT, 'openapi.generated.json');

/** A folder of the cache; `name` contains the versions of what is installed there. */
export const cacheFolder = (name: string): string => {
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
  const folder = path.join(cache, 'warmpool-sdks', name);
  mkdirSync(path.dirname(folder), { recursive: true });
  return folder;
};

/** A copy of `test/sdks/<language>` to generate and compile in; removed when the test ends. */
export const workFolder = (language: string): string => {
  const folder = mkdtempSync(path.join(tmpdir(), `warmpool-sdk-${language}-`));
  onTestFinished(() => {
    removeFolder(folder);
  });
  cpSync(path.join(import.meta.dirname, language), folder, { recursive: true });
  return folder;
};

/** The program on the PATH; undefined if it is not installed. */
export const findProgram = (name: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find(existsSync);

/** Runs a program to its end. Rejects with everything that it printed if it fails. */
export const run = async (
  program: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<void> => {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1_048_576 };
  await execute(program, args, options).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${path.basename(program)} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  });
};
