// A directory of a test's own, gone when the test is over.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const makeDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'warmpool-data-dir-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true });
  });
  return path;
};
