// A directory for one test, deleted when the test ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const temporaryDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'warmpool-data-dir-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true });
  });
  return path;
};
