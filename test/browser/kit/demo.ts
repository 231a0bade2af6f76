// A running demo, and a page that is signed in to it.
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { startDemo, type Demo } from '../../../scripts/demo/start-demo.ts';
import { createWarmpoolClient } from '../../../src/client/index.ts';
import { openPage } from './dashboard.ts';
import type { Site } from './views/view.ts';

/** When members are allocated, callers wait, and the failing pool has failed. */
const WARM_UP_MS = 15_000;

/** One demo for all tests of a file. Returns how to open a page that is signed in to it. */
export const useDemo = (): ((options?: BrowserContextOptions) => Promise<Site>) => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo({ port: 0 });
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
  });
  afterAll(() => demo.stop());
  return async (options) => {
    const page = await openPage(options);
    const signedIn = await page.context().request.post(`${demo.url}/ui/session`, { data: { apiKey: demo.apiKey } });
    expect(signedIn.status()).toBe(204);
    return {
      page,
      go: async (path) => {
        await page.goto(`${demo.url}/ui${path}`);
      },
      client: createWarmpoolClient({ url: demo.url, apiKey: demo.apiKey }),
    };
  };
};
