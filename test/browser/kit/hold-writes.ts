// A slow server, as far as one procedure is concerned.
import type { Page } from 'playwright-core';

/** Holds the calls of a procedure that are no dry runs. Returns how to let them go. */
export const holdWrites = async (page: Page, procedure: string): Promise<() => void> => {
  const held = Promise.withResolvers<undefined>();
  await page.route(`**/trpc/${procedure}*`, async (route) => {
    if (route.request().postData()?.includes('"dryRun":true') !== true) await held.promise;
    await route.continue();
  });
  return () => {
    held.resolve(undefined);
  };
};
