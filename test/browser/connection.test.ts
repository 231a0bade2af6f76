// The connection to the server is lost and comes back by itself.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { call, dataFolder, start, type ServerProcess } from '../support/server-process.ts';
import { enterKey, openAt, untilLive, useBrowser } from './kit/dashboard.ts';
import { crash, patchPool, restart, storePool } from './kit/server.ts';

useBrowser();

const openAgents = async (path: string): Promise<{ dataDir: string; server: ServerProcess; page: Page }> => {
  const dataDir = dataFolder();
  const server = await start(dataDir);
  await storePool(server, 'agents');
  const page = await openAt(server, path);
  return { dataDir, server, page };
};

const lost = (page: Page) => page.getByRole('status').getByText('Connection lost.');

/** Notes every moment at which the heading is not on the page. */
const watchHeading = (page: Page, text: string) =>
  page.evaluate((expected) => {
    const seen = { missing: 0 };
    Object.assign(window, { seen });
    new MutationObserver(() => {
      if (document.querySelector('h1')?.textContent !== expected) seen.missing += 1;
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, text);

test('While the server is away, values are dimmed with their time and nothing can be written; then the page recovers without a reload and without a flash', async () => {
  const { dataDir, server, page } = await openAgents('/pools/agents/members');
  const evict = page.getByRole('button', { name: /^Evict / }).first();
  await evict.waitFor();
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  await watchHeading(page, 'agents');
  const colour = "getComputedStyle(document.querySelector('.b-available')).fill";
  const fresh = await page.evaluate(colour);

  await crash(server);
  await lost(page).waitFor();
  await page.getByText(/Values are as of \d\d:\d\d:\d\d/).waitFor();
  await page.locator('#content[data-stale]').waitFor();
  expect(await page.evaluate(colour)).not.toBe(fresh);
  expect(await evict.isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Take a claim' }).isDisabled()).toBe(true);
  await page.getByRole('heading', { name: 'agents' }).waitFor();

  const again = await restart(server, dataDir);
  await patchPool(again, 'agents', { capacitySpec: { bufferMin: 3, poolMax: 12 } });
  await untilLive(page);
  await page.locator('#content:not([data-stale])').waitFor();
  await page.getByText('poolMax 12').first().waitFor();
  await expect.poll(() => evict.isEnabled()).toBe(true);
  expect(await page.evaluate('[window.isSamePage, window.seen.missing]')).toEqual([true, 0]);
});

test('A pool that was stored or deleted while the connection was lost is there or gone afterwards', async () => {
  const { dataDir, server, page } = await openAgents('/');
  await page.getByRole('link', { name: 'agents', exact: true }).waitFor();
  await crash(server);
  await lost(page).waitFor();
  await page
    .getByText(/^as of \d\d:\d\d:\d\d/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Try now' }).click();
  await lost(page).waitFor();
  const again = await restart(server, dataDir);
  await storePool(again, 'newer');
  expect((await call(again, 'DELETE', '/v1/pools/agents')).status).toBe(204);
  await page.getByRole('link', { name: 'newer', exact: true }).waitFor();
  await page.getByRole('link', { name: 'agents', exact: true }).waitFor({ state: 'detached' });
});

test('The capacity editor keeps what was typed while the connection is lost, and applies it afterwards', async () => {
  const { dataDir, server, page } = await openAgents('/pools/agents');
  const editor = page.getByRole('region', { name: 'Capacity' });
  await editor.getByRole('textbox', { name: 'poolMax' }).fill('14');
  await editor.getByText('poolMax 10 to 14 · dry run').waitFor();
  await crash(server);
  await lost(page).waitFor();
  const apply = editor.getByRole('button', { name: 'Apply' });
  expect(await apply.isDisabled()).toBe(true);
  await restart(server, dataDir);
  await untilLive(page);
  await apply.click();
  await page.getByText('generation 2', { exact: true }).waitFor();
});

test('A dialog that is open when the connection is lost cannot write until it is back', async () => {
  const { dataDir, server, page } = await openAgents('/pools/agents');
  await page.getByRole('button', { name: 'Take a claim' }).click();
  const take = page
    .getByRole('dialog', { name: 'Take a claim on agents' })
    .getByRole('button', { name: 'Take a claim' });
  await crash(server);
  await lost(page).waitFor();
  await expect.poll(() => take.isDisabled()).toBe(true);
  await restart(server, dataDir);
  await take.click();
  await page.getByRole('dialog', { name: 'The member is yours' }).waitFor();
});

test('A pool that was deleted while nobody was signed in is gone after the next sign-in', async () => {
  const { server, page } = await openAgents('/');
  await storePool(server, 'kept');
  await page.getByRole('link', { name: 'kept', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect((await call(server, 'DELETE', '/v1/pools/agents')).status).toBe(204);
  await enterKey(page, server.key);
  await untilLive(page);
  await page.getByRole('link', { name: 'kept', exact: true }).waitFor();
  await page.getByRole('link', { name: 'agents', exact: true }).waitFor({ state: 'detached' });
});
