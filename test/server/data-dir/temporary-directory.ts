// A directory for one test, deleted when the test ends.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { removeFolder } from '../../support/remove-folder.ts';

export const temporaryDirectory = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'warmpool-data-dir-'));
  onTestFinished(() => {
    removeFolder(path);
  });
  return path;
};
