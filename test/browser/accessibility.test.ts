// axe against WCAG 2.2 AA: every page, tab and dialog, and the states between them, in both themes, wide and narrow.
import { test } from 'vitest';
import { dataFolder, start } from '../support/server-process.ts';
import { expectAccessible, FOR_AXE } from './kit/axe.ts';
import { openDashboard, openPage, pageOf, useBrowser } from './kit/dashboard.ts';
import { useDemo } from './kit/demo.ts';
import { storePool } from './kit/server.ts';
import { VIEWS } from './kit/views/views.ts';

useBrowser();
const openDemo = useDemo();

test.each(VIEWS)('axe finds nothing in the view "$name"', { timeout: 120_000 }, async (view) => {
  const site = await openDemo(FOR_AXE);
  await view.open(site);
  await expectAccessible(site.page, view.name);
  await view.close?.(site);
});

test('axe finds nothing when the connection is lost', { timeout: 120_000 }, async () => {
  const { server, page } = await openDashboard({ context: FOR_AXE });
  await storePool(server, 'agents');
  await page.getByRole('table').getByRole('row').nth(1).waitFor();
  server.child.kill('SIGKILL');
  await page.getByText('Connection lost.').waitFor();
  await expectAccessible(page, 'all pools');
  await page.getByRole('link', { name: 'agents' }).first().click();
  await page.getByRole('heading', { name: 'agents' }).waitFor();
  await expectAccessible(page, 'a pool');
});

test.each(['/', '/pools/checkout-agents'])(
  'axe finds nothing at %s while the pools are loading',
  { timeout: 60_000 },
  async (path) => {
    const { page, go } = await openDemo(FOR_AXE);
    await page.route(/watch/, () => undefined);
    await go(path);
    await page.locator('[aria-busy=true]').waitFor();
    await expectAccessible(page, path);
  },
);

test('axe finds nothing where a panel has failed', { timeout: 60_000 }, async () => {
  const { page, go } = await openDemo(FOR_AXE);
  await page.route(/claims\.list/, (route) => route.fulfill({ status: 500, body: 'broken' }));
  await go('/pools/checkout-agents/claims');
  await page.getByRole('alert').waitFor();
  await expectAccessible(page, 'claims');
});

test('axe finds nothing on the first page of a server without pools', { timeout: 60_000 }, async () => {
  const { page } = await openDashboard({ context: FOR_AXE });
  await page.getByRole('heading', { name: 'No pools yet' }).waitFor();
  await expectAccessible(page, 'no pools');
});

test('axe finds nothing at the sign-in, before and after a wrong key', { timeout: 60_000 }, async () => {
  const server = await start(dataFolder());
  const page = await openPage(FOR_AXE);
  await page.goto(pageOf(server, '/'));
  await page.getByLabel('API key').fill('wrong');
  await expectAccessible(page, 'before');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(/API key.*wrong/i).waitFor();
  await expectAccessible(page, 'after');
});
