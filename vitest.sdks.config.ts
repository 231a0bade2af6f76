// `npm run check:sdks`: clients generated from the OpenAPI document are compiled and run against the real server.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/sdks/**/*.test.ts'],
    // The first run installs the generators and downloads what the clients need.
    testTimeout: 600_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
