// Claims in the dashboard: those of other clients, and one taken for a try.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { capacity } from '../support/pools.ts';
import { call } from '../support/server-process.ts';
import { openAt, useBrowser } from './kit/dashboard.ts';
import { storePool, takeClaim, useServer } from './kit/server.ts';

useBrowser();
const server = useServer();

const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name });

test('A claim that a client takes appears, is renewed, and is released', async () => {
  await storePool(await server(), 'held');
  const page = await openAt(await server(), '/pools/held/claims');
  await page.getByText('Nobody holds a member of this pool.').waitFor();
  const { id, member } = await takeClaim(await server(), 'held', { job: 'nightly' });
  const row = page.getByRole('row', { name: id });
  await row.getByText('job=nightly').waitFor();
  await row.getByText(member, { exact: true }).waitFor();

  await row.getByRole('button', { name: `Renew… ${id}` }).click();
  await page.getByRole('textbox', { name: 'Seconds from now' }).fill('7200');
  await dialogOf(page, 'Renew claim').getByText('ends in 2 h').waitFor();
  await dialogOf(page, 'Renew claim').getByRole('button', { name: 'Renew', exact: true }).click();
  await row.getByText(/^1 h 59 min|^2 h/).waitFor();

  await row.getByRole('button', { name: `Release… ${id}` }).click();
  await dialogOf(page, 'Release claim').getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByText('Nobody holds a member of this pool.').waitFor();
  await page.getByRole('button', { name: 'With ended, last hour' }).click();
  await row.getByText('Released', { exact: true }).waitFor();
});

test('A lease that is too long is refused while it is typed', async () => {
  await storePool(await server(), 'leased');
  const { id } = await takeClaim(await server(), 'leased');
  const page = await openAt(await server(), '/pools/leased/claims');
  await page.getByRole('button', { name: `Renew… ${id}` }).click();
  await page.getByRole('textbox', { name: 'Seconds from now' }).fill('99999999');
  await dialogOf(page, 'Renew claim')
    .getByText(/ttlSeconds must/)
    .waitFor();
  const renew = dialogOf(page, 'Renew claim').getByRole('button', { name: 'Renew', exact: true });
  expect(await renew.isDisabled()).toBe(true);
});

test('A claim taken for a try says which member it holds, is in the list, and is released where it was taken', async () => {
  await storePool(await server(), 'tried');
  const page = await openAt(await server(), '/pools/tried/claims');
  await page.getByRole('button', { name: 'Take a claim' }).click();
  const take = dialogOf(page, 'Take a claim on tried');
  await take.getByRole('button', { name: 'Take a claim' }).click();
  const yours = dialogOf(page, 'The member is yours');
  await yours.getByText('Members of this server are simulated').waitFor();
  await page.getByText('via=dashboard').waitFor({ state: 'attached' });
  await yours.getByRole('button', { name: 'Release' }).click();
  await yours.waitFor({ state: 'hidden' });
  await page.getByText('Nobody holds a member of this pool.').waitFor();
});

test('Taking a claim can be copied as curl, and as client code, without the key', async () => {
  await storePool(await server(), 'copied');
  const page = await openAt(await server(), '/pools/copied');
  await page.getByRole('button', { name: 'Take a claim' }).click();
  await page.getByRole('button', { name: 'Copy as…' }).click();
  const snippet = dialogOf(page, 'The same with curl or the typed client');
  expect(await snippet.locator('pre').innerText()).toContain('/v1/pools/copied/claims');
  await snippet.getByRole('button', { name: 'TypeScript' }).click();
  expect(await snippet.locator('pre').innerText()).toContain('client.claims.create.mutate({');
  expect(await snippet.locator('pre').innerText()).not.toContain((await server()).key);
});

test('A claim whose member is evicted is shown as lost, with the reason', async () => {
  await storePool(await server(), 'lost');
  const { id, member } = await takeClaim(await server(), 'lost');
  const page = await openAt(await server(), '/pools/lost/claims');
  await page.getByRole('row', { name: id }).waitFor();
  await call(await server(), 'DELETE', `/v1/pools/lost/members/${member}?force=true`);
  await page.getByText('Nobody holds a member of this pool.').waitFor();
  await page.getByRole('button', { name: 'With ended, last hour' }).click();
  await page
    .getByRole('row', { name: id })
    .getByText(/Evicted/)
    .waitFor();
});

test('A claim that is cancelled while it waits does not get the next free member', async () => {
  await storePool(await server(), 'cancelled', { bounds: capacity(0, 0, 1, 1) });
  const { id } = await takeClaim(await server(), 'cancelled');
  const page = await openAt(await server(), '/pools/cancelled/claims');
  await page.getByRole('button', { name: 'Take a claim' }).click();
  const take = dialogOf(page, 'Take a claim on cancelled');
  await take.getByRole('button', { name: 'Take a claim' }).click();
  await take.getByText('Waiting for a member…').waitFor();
  await take.getByRole('button', { name: 'Cancel' }).click();
  await take.waitFor({ state: 'hidden' });
  await call(await server(), 'DELETE', `/v1/claims/${id}`);
  // A request that waits is served first: the member would be held already.
  await takeClaim(await server(), 'cancelled');
});
