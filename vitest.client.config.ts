// `npm run test:client`: the client as a package. It is built, packed and installed, and needs a browser.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/client/package/**/*.test.ts'],
    // Each file builds the package into the same folder.
    fileParallelism: false,
    testTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 300_000,
  },
});
