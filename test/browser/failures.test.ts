// What the dashboard says when something fails: what, why, under which request, and what to do.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { call, dataFolder, start } from '../support/server-process.ts';
import { capacity } from '../support/pools.ts';
import { openAt, pageOf, openPage, useBrowser } from './kit/dashboard.ts';
import { replaceInEditor } from './kit/editor.ts';
import { crash, storePool, takeClaim, templateWith, useServer } from './kit/server.ts';

useBrowser();
const server = useServer();

const requestId = /request [\w-]{8,}/;

/** What others read out of a page's requests: the status of the answers to one procedure. */
const statusOf = (page: Page, procedure: string): Promise<number> =>
  page.waitForResponse((response) => response.url().includes(procedure)).then((response) => response.status());

test('A request that the server refuses shows its code, its message and the id of the request', async () => {
  await storePool(await server(), 'empty', { bounds: capacity(0, 0, 0, 0) });
  const page = await openAt(await server(), '/pools/empty');
  await page.getByRole('button', { name: 'Take a claim' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take a claim on empty' });
  await dialog.getByRole('textbox', { name: /^Wait/ }).fill('0');
  const status = statusOf(page, 'claims.create');
  await dialog.getByRole('button', { name: 'Take a claim' }).click();
  const alert = dialog.getByRole('alert');
  await alert.getByText('The claim was not created.').waitFor();
  await alert.getByText('KUBERNETES::POOL_CAPACITY_EXHAUSTED').waitFor();
  expect(await status).toBe(429);
  expect(await alert.innerText()).toMatch(requestId);
  await alert.getByRole('button', { name: 'Copy request id' }).waitFor();
});

test('What only the server finds wrong in a new pool is shown at its place, before it is saved', async () => {
  const page = await openAt(await server(), '/create');
  await page.getByRole('textbox', { name: 'Name' }).fill('odd');
  await page.getByRole('button', { name: 'YAML' }).click();
  await page.getByRole('dialog').getByText('Checked by the server').waitFor();
  const status = statusOf(page, 'pools.create');
  const wrong = JSON.stringify({ 'simulated.warmpool.dev/start-seconds': 'soon' });
  await replaceInEditor(page, 'template:', `template:\n  metadata:\n    annotations: ${wrong}`);
  await page
    .getByRole('dialog')
    .getByText(/number from 0 to 86400/)
    .waitFor();
  expect(await status).toBe(422);
  expect(await page.getByRole('dialog').getByRole('button', { name: 'Create pool' }).isDisabled()).toBe(true);
});

test('A name that is taken between the plan and the save is reported with the id of the request', async () => {
  const page = await openAt(await server(), '/create');
  await page.getByRole('textbox', { name: 'Name' }).fill('raced');
  await page.getByRole('dialog').getByText('Checked by the server').waitFor();
  await storePool(await server(), 'raced');
  await page.keyboard.press('Control+Enter');
  const alert = page.getByRole('alert');
  await alert.getByText('The pool was not created.').waitFor();
  await alert.getByText('KUBERNETES::POOL_ALREADY_EXISTS').waitFor();
  expect(await alert.innerText()).toMatch(requestId);
});

test('A claim that ended meanwhile cannot be released, and the dialog says why', async () => {
  await storePool(await server(), 'late');
  const { id } = await takeClaim(await server(), 'late');
  const page = await openAt(await server(), '/pools/late/claims');
  await page.getByRole('button', { name: `Renew… ${id}` }).click();
  await call(await server(), 'DELETE', `/v1/claims/${id}`);
  await page.getByRole('dialog', { name: 'Renew claim' }).getByRole('button', { name: 'Renew', exact: true }).click();
  await page.getByRole('alert').getByText('CLAIM::ENDED').waitFor();
});

test('A server that goes away during a request is reported as such', async () => {
  const own = await start(dataFolder());
  await storePool(own, 'slow', { template: templateWith(60), bounds: capacity(0, 0, 0, 1) });
  const page = await openAt(own, '/pools/slow');
  await page.getByRole('button', { name: 'Take a claim' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take a claim on slow' });
  await dialog.getByRole('button', { name: 'Take a claim' }).click();
  await dialog.getByText('Waiting for a member…').waitFor();
  await crash(own);
  const alert = dialog.getByRole('alert');
  await alert.getByText('CLIENT::UNREACHABLE').waitFor();
  await alert.getByText(/No complete response/).waitFor();
});

test('A page that does not exist, and a pool that does not exist, lead back to the pools', async () => {
  const page = await openAt(await server(), '/nowhere');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await page.getByRole('link', { name: 'All pools', exact: true }).click();
  await page.waitForURL(/\/ui\/$/);
  await page.goto(pageOf(await server(), '/pools/unknown'));
  await page.getByRole('heading', { name: 'There is no pool named unknown' }).waitFor();
});

test('A dashboard whose server cannot be asked who is signed in says so, and tries again', async () => {
  const page = await openPage();
  await page.route('**/ui/session', (route) => route.abort());
  await page.goto(pageOf(await server(), '/'));
  await page.getByRole('alert').getByText('The server did not respond.').waitFor();
  await page.unroute('**/ui/session');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});
