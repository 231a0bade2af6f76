// `npm run test:cluster`: tests against a real Kubernetes API. They share two clusters and the machine's cores, so they run one file at a time.
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const project = (name: string, include: string, globalSetup: string): TestProjectInlineConfiguration => ({
  test: {
    name,
    include: [include],
    globalSetup,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});

export default defineConfig({
  test: {
    fileParallelism: false,
    projects: [
      project('api', 'test/cluster/*.test.ts', 'test/cluster/kit/global-setup.ts'),
      project('kwok', 'test/cluster/kwok/*.test.ts', 'test/cluster/kwok/global-setup.ts'),
    ],
  },
});
