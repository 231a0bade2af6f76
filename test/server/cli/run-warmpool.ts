// The real program in a process of its own, until it exits.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { TemporaryHome } from '../config/temporary-home.ts';

const MAIN = join(import.meta.dirname, '../../../src/server/main.ts');

export const runWarmpool = (home: TemporaryHome, words: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { env: { HOME: home.path, ...env } };
    execFile(process.execPath, [MAIN, ...words], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
