// `npm run test:node`: tests on a cluster whose pods run. They share the machine's cores, so they run one file at a time.
import { defineConfig } from 'vitest/config';
import { findMissing } from './test/cluster/kit/node/find-missing.ts';

export default defineConfig(() => {
  const missing = findMissing();
  if (missing !== undefined) process.stdout.write(`The tests on a real node are skipped: ${missing}\n`);
  return {
    test: {
      include: missing === undefined ? ['test/node/**/*.test.ts'] : [],
      passWithNoTests: true,
      ...(missing === undefined && { globalSetup: 'test/node/global-setup.ts' }),
      fileParallelism: false,
      testTimeout: 90_000,
      expect: { poll: { timeout: 15_000 } },
      hookTimeout: 120_000,
    },
  };
});
