// A pool is created by form and by YAML, and warms up before the eyes.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openAt, useBrowser } from './kit/dashboard.ts';
import { readEditor, replaceInEditor } from './kit/editor.ts';
import { readPool, storePool, useServer } from './kit/server.ts';
import { call } from '../support/server-process.ts';

useBrowser();
const server = useServer();

const dialogOf = (page: Page) => page.getByRole('dialog', { name: /Create pool/ });
const nameField = (page: Page) => page.getByRole('textbox', { name: 'Name' });
const numberField = (page: Page, name: string) => page.getByRole('textbox', { name });
const createButton = (page: Page) => dialogOf(page).getByRole('button', { name: 'Create pool' });

test('The form and the YAML of a new pool are two views of one state', async () => {
  const page = await openAt(await server(), '/create');
  await nameField(page).fill('both-ways');
  await numberField(page, 'poolMax').fill('12');
  await page.getByRole('button', { name: 'YAML' }).click();
  await expect.poll(() => readEditor(page)).toContain('name: both-ways');
  expect(await readEditor(page)).toContain('poolMax: 12');
  await replaceInEditor(page, 'image: python:3.14-slim', 'image: node:24\n        tty: true');
  await page.getByRole('button', { name: 'Form' }).click();
  await expect.poll(() => page.getByLabel('Image').inputValue()).toBe('node:24');
  // What the form has no field for stays.
  await nameField(page).fill('still-both');
  await page.getByRole('button', { name: 'YAML' }).click();
  await expect.poll(() => readEditor(page)).toContain('tty: true');
});

test('A wrong value of a new pool is explained while it is typed, and cannot be saved', async () => {
  const page = await openAt(await server(), '/create');
  await nameField(page).fill('Agents!');
  await dialogOf(page)
    .getByText(/lower-case/)
    .waitFor();
  await dialogOf(page).getByText('1 problem', { exact: true }).waitFor();
  expect(await createButton(page).isDisabled()).toBe(true);
  await nameField(page).fill('agents');
  await dialogOf(page).getByText('Checked by the server').waitFor();
  await numberField(page, 'bufferMin').fill('9');
  await dialogOf(page)
    .getByText(/bufferMin must/)
    .waitFor();
  expect(await createButton(page).isDisabled()).toBe(true);
});

test('The plan of a new pool is shown before it is stored, and Ctrl+Enter stores it', async () => {
  const page = await openAt(await server(), '/create');
  await nameField(page).fill('planned');
  await dialogOf(page).getByText('create 1', { exact: true }).waitFor();
  await dialogOf(page).getByText('Checked by the server').waitFor();
  expect((await call(await server(), 'GET', '/v1/pools/planned')).status).toBe(404);
  // Not before the page is connected.
  await expect.poll(() => createButton(page).isEnabled(), { timeout: 15_000 }).toBe(true);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { level: 1, name: 'planned' }).waitFor();
  expect(await readPool(await server(), 'planned')).toMatchObject({
    capacitySpec: { bufferMin: 3, bufferMax: 5, poolMin: 0, poolMax: 10 },
  });
});

test('A name that is taken is refused with a reason before the pool is saved', async () => {
  await storePool(await server(), 'taken');
  const page = await openAt(await server(), '/create');
  await nameField(page).fill('taken');
  const alert = page.getByRole('alert');
  await alert.getByText('KUBERNETES::POOL_ALREADY_EXISTS').waitFor();
  await nameField(page).fill('not-taken');
  await dialogOf(page).getByText('Checked by the server').waitFor();
  expect(await alert.count()).toBe(0);
});

test('Problems of the YAML of a new pool are listed with line and column', async () => {
  const page = await openAt(await server(), '/create');
  await page.getByRole('button', { name: 'YAML' }).click();
  await replaceInEditor(page, 'bufferMin: 3', 'bufferMin: many');
  const place = dialogOf(page).getByRole('button', { name: /^\d+:14$/ });
  await place.waitFor();
  expect(await createButton(page).isDisabled()).toBe(true);
});

test('A new pool appears on the overview and warms up there without a reload', async () => {
  const page = await openAt(await server(), '/?q=warming');
  await storePool(await server(), 'warming', { startSeconds: 1 });
  const row = page.getByRole('row', { name: /warming/ });
  await row.getByRole('img', { name: /\d starting/ }).waitFor();
  await row.getByRole('img', { name: /[23] available; buffer 2 to 4/ }).waitFor();
  await row.getByText('Ready', { exact: true }).waitFor();
});

test('The filters of the overview are kept by the dialog that creates a pool', async () => {
  await storePool(await server(), 'filtered');
  const page = await openAt(await server(), '/?q=filt');
  const filter = page.getByRole('searchbox');
  await page.getByRole('link', { name: 'Create pool' }).click();
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click();
  await dialogOf(page).waitFor({ state: 'hidden' });
  expect(page.url()).toMatch(/\/ui\/\?q=filt$/);
  expect(await filter.inputValue()).toBe('filt');
  await filter.blur();
  await page.keyboard.press('n');
  await dialogOf(page).waitFor();
  expect(page.url()).toMatch(/\/create\?q=filt$/);
});
