// The connection to the server is lost and comes back by itself.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { call, dataFolder, launch, listening, start, type ServerProcess } from '../support/server-process.ts';
import { enterKey, openAt, openPage, pageOf, untilLive, useBrowser } from './kit/dashboard.ts';
import { crash, patchPool, restart, storePool, takeClaim } from './kit/server.ts';

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

test('"Try now" connects without the time of the next attempt', async () => {
  const { dataDir, server, page } = await openAgents('/');
  await page.clock.install();
  await page.reload();
  await untilLive(page);
  await crash(server);
  await lost(page).waitFor();
  await page.clock.pauseAt(Date.now() + 60_000);
  await restart(server, dataDir);
  // No timer runs, so the page does not connect by itself.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect(await lost(page).isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Try now' }).click();
  await untilLive(page);
});

test('The stream of pools is read again after an error that is not worth a retry by itself', async () => {
  const { server, page } = await openAgents('/');
  await page.route('**/trpc/pools.watch*', (route) => route.fulfill({ status: 404, body: 'No such page' }));
  await page.reload();
  await lost(page).waitFor();
  await page.unroute('**/trpc/pools.watch*');
  await untilLive(page);
  await storePool(server, 'newer');
  await page.getByRole('link', { name: 'newer', exact: true }).waitFor();
});

test('An open server that comes back with a key leads to the sign-in', async () => {
  const dataDir = dataFolder();
  const env = { OPENSANDBOX_INSECURE_SERVER: 'YES' };
  const open = await listening(launch(['--port', '0', '--data-dir', dataDir], env), dataDir);
  const page = await openPage();
  await page.goto(pageOf(open, '/'));
  await untilLive(page);
  await crash(open);
  await lost(page).waitFor();
  const closed = await restart(open, dataDir);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await enterKey(page, closed.key);
  await untilLive(page);
});

test('A sign-out without a server says that it failed, and can be tried again', async () => {
  const { dataDir, server, page } = await openAgents('/');
  await crash(server);
  await lost(page).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  const failure = page.getByRole('alert').filter({ hasText: 'You are still signed in.' });
  await failure.getByText('The server cannot be reached.').waitFor();
  await restart(server, dataDir);
  await failure.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('A busy pool is read at most once a second by all parts of its page together', async () => {
  const { server, page } = await openAgents('/pools/agents');
  await page.getByRole('img', { name: /./ }).first().waitFor();
  const reads: number[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/trpc/pools.decisions')) reads.push(performance.now());
  });
  const end = performance.now() + 6_000;
  while (performance.now() < end) {
    const { id } = await takeClaim(server, 'agents');
    await call(server, 'DELETE', `/v1/claims/${id}`);
  }
  expect(reads.length).toBeGreaterThan(2);
  const pauses = reads.slice(1).map((at, index) => at - (reads[index] ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThan(900);
});
