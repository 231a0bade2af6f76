// Members: evicted one by one, or with their pool.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { call } from '../support/server-process.ts';
import { openAt, useBrowser } from './kit/dashboard.ts';
import { patchPool, storePool, takeClaim, useServer } from './kit/server.ts';

useBrowser();
const server = useServer();

const members = (page: Page) =>
  page
    .getByRole('row')
    .filter({ hasText: /-\w+/ })
    .filter({ hasText: /Ready|Allocated/ });

test('An idle member is evicted, and the pool replaces it', async () => {
  await storePool(await server(), 'idle');
  const page = await openAt(await server(), '/pools/idle/members');
  await expect.poll(() => members(page).count()).toBe(2);
  const button = page.getByRole('button', { name: /^Evict / }).first();
  const name = /Evict (.*)…/.exec((await button.getAttribute('aria-label')) ?? '')?.[1] ?? '';
  await button.click();
  await page.getByRole('dialog', { name: 'Evict member' }).getByRole('button', { name: 'Evict', exact: true }).click();
  await page.getByRole('row', { name }).waitFor({ state: 'detached' });
  await expect.poll(() => members(page).count()).toBe(2);
});

test('A member that is held is evicted only together with its claim, and the dialog says so', async () => {
  await storePool(await server(), 'busy');
  const { id, member } = await takeClaim(await server(), 'busy');
  const page = await openAt(await server(), '/pools/busy/members');
  const row = page.getByRole('row', { name: member });
  await row.getByText('Allocated', { exact: true }).waitFor();
  await row.getByRole('button', { name: `Evict ${member}…` }).click();
  const dialog = page.getByRole('dialog', { name: 'Evict member' });
  await dialog.getByText(`Claim ${id} holds it`).waitFor();
  await dialog.getByRole('button', { name: 'Evict, and end its claim' }).click();
  await row.waitFor({ state: 'detached' });
  expect((await call(await server(), 'GET', `/v1/claims/${id}`)).body).toMatchObject({ state: 'lost' });
});

test('A member leads to its claim', async () => {
  await storePool(await server(), 'linked');
  const { id } = await takeClaim(await server(), 'linked');
  const page = await openAt(await server(), '/pools/linked/members');
  await page.getByRole('link', { name: id }).click();
  await page.getByRole('table', { name: 'Claims of linked' }).getByRole('row', { name: id }).waitFor();
});

const openDelete = async (page: Page) => {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  return page.getByRole('dialog', { name: /^Delete / });
};

test('A pool is deleted by typing its name, and is gone from the overview', async () => {
  await storePool(await server(), 'doomed');
  const page = await openAt(await server(), '/pools/doomed');
  const dialog = await openDelete(page);
  const confirm = dialog.getByRole('button', { name: 'Delete pool' });
  await dialog.getByRole('textbox').fill('doom');
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('doomed');
  await confirm.click();
  await page.getByRole('table').waitFor();
  expect(await page.getByRole('link', { name: 'doomed', exact: true }).count()).toBe(0);
  expect((await call(await server(), 'GET', '/v1/pools/doomed')).status).toBe(404);
});

test('A pool that is deleted while the pointer is over its row leaves the overview', async () => {
  await storePool(await server(), 'pointed');
  await storePool(await server(), 'remaining');
  const page = await openAt(await server(), '/?sort=name');
  await page.getByRole('link', { name: 'pointed', exact: true }).waitFor();
  await page.getByRole('link', { name: 'remaining', exact: true }).hover();
  // Two changes within a moment: the order of the rows is older than the second one.
  await patchPool(await server(), 'remaining', { labels: { team: 'ml' } });
  await call(await server(), 'DELETE', '/v1/pools/pointed');
  await page.getByRole('link', { name: 'pointed', exact: true }).waitFor({ state: 'detached' });
});

test('A pool with members that are held is deleted by force only, after the server refused once', async () => {
  await storePool(await server(), 'needed');
  const { id } = await takeClaim(await server(), 'needed');
  const page = await openAt(await server(), '/pools/needed');
  const dialog = await openDelete(page);
  await dialog.getByText('1 member is allocated').waitFor();
  await dialog.getByRole('textbox').fill('needed');
  await dialog.getByRole('button', { name: 'Delete pool' }).click();
  await dialog.getByText('POOL::IN_USE').waitFor();
  await dialog.getByRole('button', { name: 'Delete by force' }).click();
  await page.getByRole('table').waitFor();
  expect((await call(await server(), 'GET', `/v1/claims/${id}`)).body).toMatchObject({ state: 'lost' });
});

test('A pool that somebody else changed after the dialog opened is deleted only if that is confirmed', async () => {
  await storePool(await server(), 'changed');
  const page = await openAt(await server(), '/pools/changed');
  const dialog = await openDelete(page);
  await dialog.getByRole('textbox').fill('changed');
  await patchPool(await server(), 'changed', { capacitySpec: { poolMax: 20 } });
  await page.getByText('poolMax 20').first().waitFor();
  await dialog.getByRole('button', { name: 'Delete pool' }).click();
  await dialog.getByText('POOL::VERSION_CONFLICT').waitFor();
  await dialog.getByRole('button', { name: 'Delete it as it is now' }).click();
  await dialog.getByRole('button', { name: 'Delete pool' }).click();
  await page.waitForURL(/\/ui\/$/);
  expect((await call(await server(), 'GET', '/v1/pools/changed')).status).toBe(404);
});

test('The page of a pool that somebody else deletes says so, and shows the pool if it is created again', async () => {
  await storePool(await server(), 'vanishing');
  const page = await openAt(await server(), '/pools/vanishing');
  await page.getByRole('heading', { name: 'vanishing', exact: true }).waitFor();
  await call(await server(), 'DELETE', '/v1/pools/vanishing');
  await page.getByRole('heading', { name: 'vanishing was deleted' }).waitFor();
  await storePool(await server(), 'vanishing');
  await page.getByRole('heading', { name: 'vanishing', exact: true }).waitFor();
});
