// The capacity editor: a change, its preview, and what becomes of the members.
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { capacity } from '../support/pools.ts';
import { openAt, useBrowser } from './kit/dashboard.ts';
import { holdWrites } from './kit/hold-writes.ts';
import { patchPool, readPool, storePool, useServer } from './kit/server.ts';

useBrowser();
const server = useServer();

/** A pool that has warmed up, and its page. */
const openPool = async (name: string): Promise<Page> => {
  await storePool(await server(), name, { bounds: capacity(2, 4, 0, 10) });
  const page = await openAt(await server(), `/pools/${name}`);
  await gauge(page)
    .and(page.getByRole('img', { name: /^0 allocated, 2 available; buffer 2/ }))
    .waitFor();
  return page;
};

const gauge = (page: Page): Locator => page.locator('.gauge').getByRole('img');
const editor = (page: Page): Locator => page.getByRole('region', { name: 'Capacity' });
const numberField = (page: Page, name: string): Locator => editor(page).getByRole('textbox', { name });
const press = (page: Page, name: string): Promise<void> => editor(page).getByRole('button', { name }).click();

test('A new bufferMin is previewed, and after it is applied the members follow', async () => {
  const page = await openPool('numbers');
  await numberField(page, 'bufferMin').fill('4');
  await editor(page).getByText('bufferMin 2 to 4 · dry run').waitFor();
  await editor(page)
    .getByText(/^Wants 4/)
    .waitFor();
  expect(await readPool(await server(), 'numbers')).toMatchObject({ capacitySpec: { bufferMin: 2 } });
  await press(page, 'Apply');
  await page.getByText('generation 2', { exact: true }).waitFor();
  await gauge(page)
    .and(page.getByRole('img', { name: /4 available; buffer 4 to 4/ }))
    .waitFor();
});

test('A slider changes the number beside it, by the keyboard too', async () => {
  const page = await openPool('sliders');
  const slider = editor(page).getByRole('slider', { name: 'bufferMax' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await numberField(page, 'bufferMax').inputValue()).toBe('6');
  await editor(page).getByText('bufferMax 4 to 6 · dry run').waitFor();
  await press(page, 'Apply');
  await page.getByText('generation 2', { exact: true }).waitFor();
  expect(await readPool(await server(), 'sliders')).toMatchObject({ capacitySpec: { bufferMax: 6 } });
});

test('A capacity that breaks a rule says which one, and cannot be applied', async () => {
  const page = await openPool('rules');
  await numberField(page, 'bufferMin').fill('5');
  await editor(page)
    .getByText(/bufferMin must not be greater than bufferMax/)
    .waitFor();
  expect(await editor(page).getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
  await press(page, 'Reset');
  expect(await numberField(page, 'bufferMin').inputValue()).toBe('2');
});

test('A capacity that somebody else changed meanwhile is shown beside mine, and mine can be reapplied', async () => {
  const page = await openPool('contested');
  await numberField(page, 'bufferMax').fill('6');
  await patchPool(await server(), 'contested', { capacitySpec: { bufferMin: 3, bufferMax: 5, poolMax: 20 } });
  await editor(page).getByText('The stored capacity has changed meanwhile').waitFor();
  const row = editor(page).getByRole('row', { name: /bufferMax/ });
  expect(await row.getByRole('cell').allInnerTexts()).toEqual(['4', '5', '6']);
  await press(page, 'Reapply mine');
  await page.getByText('generation 3', { exact: true }).waitFor();
  expect(await readPool(await server(), 'contested')).toMatchObject({ capacitySpec: capacity(3, 6, 0, 20) });
});

test('A change of the capacity can be discarded in favour of what somebody else stored meanwhile', async () => {
  const page = await openPool('yielding');
  await numberField(page, 'poolMax').fill('30');
  await patchPool(await server(), 'yielding', { capacitySpec: { poolMax: 15 } });
  await press(page, 'Discard mine');
  expect(await numberField(page, 'poolMax').inputValue()).toBe('15');
});

test('A label that somebody else sets meanwhile does not contradict a change of the capacity', async () => {
  const page = await openPool('labelled');
  await numberField(page, 'poolMax').fill('30');
  await patchPool(await server(), 'labelled', { labels: { team: 'ml' } });
  await page.getByText('team=ml').waitFor();
  await press(page, 'Apply');
  await page.getByText('generation 2', { exact: true }).waitFor();
  expect(await readPool(await server(), 'labelled')).toMatchObject({
    capacitySpec: { poolMax: 30 },
    labels: { team: 'ml' },
  });
});

test('No bound can be changed while the capacity is applied', async () => {
  const page = await openPool('pending');
  const release = await holdWrites(page, 'pools.patch');
  await numberField(page, 'poolMax').fill('30');
  await press(page, 'Apply');
  await editor(page).getByRole('button', { name: 'Applying' }).waitFor();
  expect(await numberField(page, 'poolMax').isEditable()).toBe(false);
  await editor(page).getByRole('slider', { name: 'poolMax' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await numberField(page, 'poolMax').inputValue()).toBe('30');
  release();
  await editor(page).getByText('Applied as generation 2.').waitFor();
  expect(await numberField(page, 'poolMax').isEditable()).toBe(true);
});
