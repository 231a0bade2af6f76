// `npm run test:docker`: tests of the Docker driver against a real daemon. They share it, so they run one file at a time.
import { defineConfig } from 'vitest/config';
import { findDaemon } from './test/docker/kit/find-daemon.ts';

export default defineConfig(async () => {
  const { missing } = await findDaemon();
  if (missing !== undefined) process.stdout.write(`The tests of the Docker driver are skipped: ${missing}\n`);
  return {
    test: {
      include: missing === undefined ? ['test/docker/**/*.test.ts'] : [],
      passWithNoTests: true,
      ...(missing === undefined && { globalSetup: 'test/docker/kit/global-setup.ts' }),
      fileParallelism: false,
      testTimeout: 90_000,
      expect: { poll: { timeout: 15_000 } },
      hookTimeout: 120_000,
    },
  };
});
