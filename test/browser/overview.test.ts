// The overview: filters, order and labels, which the URL has.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { capacity } from '../support/pools.ts';
import { openAt, openDashboard, useBrowser } from './kit/dashboard.ts';
import { patchPool, storePool, takeClaim, templateWith, useServer } from './kit/server.ts';

useBrowser();
const shared = useServer();
let stored: Promise<unknown> | undefined;

/** Four pools: two that work, one that is empty on purpose, one that cannot start. */
const server = async () => {
  const running = await shared();
  stored ??= Promise.all([
    storePool(running, 'alpha', { labels: { env: 'prod', team: 'ml' } }),
    storePool(running, 'beta', { labels: { env: 'ci', team: 'ml' }, bounds: capacity(1, 2, 0, 5) }),
    storePool(running, 'gamma', { labels: { env: 'prod' }, bounds: capacity(0, 0, 0, 5) }),
    storePool(running, 'failing', {
      template: {
        ...templateWith(0.1),
        metadata: {
          annotations: { 'simulated.warmpool.dev/start-seconds': '0.1', 'simulated.warmpool.dev/failure-rate': '1' },
        },
      },
    }),
  ]);
  await stored;
  return running;
};

const names = (page: Page) => page.getByRole('rowheader').getByRole('link').allInnerTexts();
const untilNames = (page: Page, expected: readonly string[]) => expect.poll(() => names(page)).toEqual(expected);

test('The text filter and the order are in the URL, and survive a reload', async () => {
  const page = await openAt(await server(), '/');
  await page.getByRole('searchbox').fill('a');
  await page.getByRole('button', { name: 'Pool', exact: true }).click();
  await untilNames(page, ['alpha', 'beta', 'failing', 'gamma']);
  await page.getByRole('button', { name: 'Pool', exact: true }).click();
  await untilNames(page, ['gamma', 'failing', 'beta', 'alpha']);
  await page.waitForURL(/\?q=a&sort=-name$/);
  await page.reload();
  await untilNames(page, ['gamma', 'failing', 'beta', 'alpha']);
  expect(await page.getByRole('columnheader', { name: 'Pool' }).getAttribute('aria-sort')).toBe('descending');
  expect(await page.getByRole('searchbox').inputValue()).toBe('a');
});

test('The label filter is in the URL as a selector, and is removed label by label', async () => {
  const page = await openAt(await server(), '/?sort=name');
  await page.getByRole('button', { name: 'Labels' }).click();
  const menu = page.getByRole('dialog', { name: 'Labels' });
  await menu.getByRole('checkbox', { name: /prod/ }).check();
  await page.keyboard.press('Escape');
  await untilNames(page, ['alpha', 'gamma']);
  await page.waitForURL(/label=env%3Dprod/);
  await page.reload();
  await untilNames(page, ['alpha', 'gamma']);
  await page.getByRole('button', { name: 'Remove the filter env=prod' }).click();
  await untilNames(page, ['alpha', 'beta', 'failing', 'gamma']);
});

test('Back and forward between the overview and a pool keep the filters', async () => {
  const page = await openAt(await server(), '/?sort=name');
  await page.getByRole('searchbox').fill('ta');
  await untilNames(page, ['beta']);
  await page.getByRole('rowheader').getByRole('link', { name: 'beta' }).click();
  await page.getByRole('heading', { level: 1, name: 'beta' }).waitFor();
  await page.goBack();
  await untilNames(page, ['beta']);
  expect(await page.getByRole('searchbox').inputValue()).toBe('ta');
  await page.goForward();
  await page.getByRole('heading', { level: 1, name: 'beta' }).waitFor();
});

test('A filter that matches nothing says so, and can be cleared', async () => {
  const page = await openAt(await server(), '/?q=nothing&sort=name');
  await page.getByText('No pool matches these filters.').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await untilNames(page, ['alpha', 'beta', 'failing', 'gamma']);
});

test('A pool whose members fail to start needs attention: why, and what to do, are on the overview', async () => {
  const page = await openAt(await server(), '/?state=failing');
  await untilNames(page, ['failing']);
  await page.getByRole('heading', { name: '1 of 4 pools needs attention' }).waitFor();
  const row = page.getByRole('list', { name: 'Pools that need attention' }).getByRole('listitem');
  await row.getByText(/fail/).first().waitFor();
  await row.getByRole('link', { name: 'Edit template of failing' }).click();
  await page.getByRole('textbox', { name: 'YAML of failing' }).waitFor();
});

test('A pool at its limit leads from its sentence to the bound that helps, and recovers in view', async () => {
  const { server: own, page } = await openDashboard();
  await storePool(own, 'full', { bounds: capacity(1, 1, 0, 2) });
  await takeClaim(own, 'full');
  await takeClaim(own, 'full');
  const row = page.getByRole('list', { name: 'Pools that need attention' }).getByRole('listitem');
  await page.getByRole('heading', { name: 'The pool needs attention' }).waitFor();
  await row.getByRole('link', { name: 'Raise poolMax of full' }).click();
  const field = page.getByRole('textbox', { name: 'poolMax' });
  await expect.poll(() => field.inputValue()).toBe('3');
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.getByRole('link', { name: 'Pools', exact: true }).click();
  await patchPool(own, 'full', { capacitySpec: { poolMax: 5 } });
  await page.getByRole('heading', { name: 'The pool is fine' }).waitFor();
});

test('Before the first pool there is a page that says how to create one, and it goes as the first appears', async () => {
  const { server: own, page } = await openDashboard();
  await page.getByRole('heading', { name: 'No pools yet' }).waitFor();
  await page.getByText('$WARMPOOL_API_KEY').waitFor();
  await storePool(own, 'first');
  await page.getByRole('link', { name: 'first', exact: true }).waitFor();
});
