// The dashboard without a mouse: shortcuts, the palette, and a whole working day of a pool.
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { call } from '../support/server-process.ts';
import { openAt, useBrowser } from './kit/dashboard.ts';
import { storePool, takeClaim, useServer } from './kit/server.ts';

useBrowser();
const server = useServer();

const isFocused = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === document.activeElement).catch(() => false);

const untilFocused = (target: Locator) => expect.poll(() => isFocused(target)).toBe(true);

const TABS_MAX = 80;

/** Presses Tab until the target has the focus. */
const tabTo = async (page: Page, target: Locator): Promise<void> => {
  await target.waitFor();
  for (let presses = 0; presses < TABS_MAX; presses++) {
    if (await isFocused(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target.toString()}.`);
};

const press = async (page: Page, target: Locator): Promise<void> => {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
};

const openPalette = async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+k');
  await untilFocused(page.getByRole('combobox', { name: 'Find a pool or an action' }));
};

const keys = async (page: Page, sequence: string): Promise<void> => {
  for (const key of sequence.split(' ')) await page.keyboard.press(key);
};

test('Letters go from page to page: g p, g m, g c, g d, g y, g o, n', async () => {
  await storePool(await server(), 'lettered');
  const page = await openAt(await server(), '/pools/lettered');
  await page.getByRole('heading', { name: 'lettered' }).waitFor();
  for (const [sequence, path] of [
    ['g m', '/pools/lettered/members'],
    ['g c', '/pools/lettered/claims'],
    ['g d', '/pools/lettered/decisions'],
    ['g y', '/pools/lettered/yaml'],
    ['g o', '/pools/lettered'],
    ['g p', '/'],
    ['n', '/create'],
  ] as const) {
    await keys(page, sequence);
    await page.waitForURL((url) => url.pathname === `/ui${path}`);
  }
  await page.getByRole('dialog', { name: /Create pool/ }).waitFor();
  await untilFocused(page.getByRole('textbox', { name: 'Name' }));
  // Letters that are typed into a field are letters.
  await page.keyboard.type('gp-n');
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('gp-n');
  await page.keyboard.press('Escape');
  await page.waitForURL(/\/ui\/$/);
});

test('"/" goes to the filter, "?" shows the keys, Escape closes them', async () => {
  await storePool(await server(), 'filtered');
  const page = await openAt(await server(), '/');
  await page.getByRole('table').waitFor();
  await page.keyboard.press('/');
  await untilFocused(page.getByRole('searchbox'));
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.getByText('Filter the pools by name').waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
});

test('Ctrl+K finds a pool by a part of its name, and runs actions on the pool that is shown', async () => {
  await storePool(await server(), 'palette-one');
  await storePool(await server(), 'palette-two');
  const page = await openAt(await server(), '/');
  await page.getByRole('table').waitFor();
  const options = page.getByRole('listbox', { name: 'Pools and actions' }).getByRole('option');
  await openPalette(page);
  await page.keyboard.type('palette');
  await expect.poll(() => options.count()).toBe(2);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'palette-two' }).waitFor();
  await openPalette(page);
  await page.keyboard.type('members of');
  await expect.poll(() => options.count()).toBe(1);
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: 'Members of palette-two' }).waitFor();
  await openPalette(page);
  await page.keyboard.type('no such thing');
  await page.getByText('Nothing matches.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
});

test('A pool is created, opened, resized, its claim released, and deleted without a mouse', async () => {
  const page = await openAt(await server(), '/');
  await keys(page, 'n');
  const create = page.getByRole('dialog', { name: /Create pool/ });
  const name = create.getByRole('textbox', { name: 'Name' });
  await untilFocused(name);
  await page.keyboard.type('by-hand');
  await create.getByText('Checked by the server').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'by-hand' }).waitFor();

  await keys(page, 'g p');
  await press(page, page.getByRole('rowheader').getByRole('link', { name: 'by-hand' }));
  await page.getByRole('heading', { level: 1, name: 'by-hand' }).waitFor();
  const capacity = page.getByRole('region', { name: 'Capacity' });
  await tabTo(page, capacity.getByRole('textbox', { name: 'poolMax' }));
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByText('generation 2', { exact: true }).waitFor();

  const { id } = await takeClaim(await server(), 'by-hand');
  await keys(page, 'g c');
  await press(page, page.getByRole('button', { name: `Release… ${id}` }));
  await press(
    page,
    page.getByRole('dialog', { name: 'Release claim' }).getByRole('button', { name: 'Release', exact: true }),
  );
  await page.getByText('Nobody holds a member of this pool.').waitFor();

  await press(page, page.getByRole('button', { name: 'More actions' }));
  const remove = page.getByRole('menuitem', { name: 'Delete…' });
  await expect
    .poll(async () => {
      await page.keyboard.press('ArrowDown');
      return isFocused(remove);
    })
    .toBe(true);
  await page.keyboard.press('Enter');
  await untilFocused(page.getByRole('textbox', { name: /Type by-hand/ }));
  await page.keyboard.type('by-hand');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/ui\/$/);
  expect((await call(await server(), 'GET', '/v1/pools/by-hand')).status).toBe(404);
});

test('A dialog gives the focus back to the button that opened it', async () => {
  await storePool(await server(), 'focused');
  const page = await openAt(await server(), '/pools/focused');
  const button = page.getByRole('button', { name: 'Take a claim' });
  await press(page, button);
  await page.getByRole('dialog', { name: /Take a claim/ }).waitFor();
  await page.keyboard.press('Escape');
  await untilFocused(button);
});
