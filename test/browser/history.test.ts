// The chart of a pool: drawn, read by the keyboard, its range in the URL.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { call } from '../support/server-process.ts';
import { openAt, useBrowser } from './kit/dashboard.ts';
import { storePool, useServer } from './kit/server.ts';

useBrowser();
const server = useServer();

/** A pool with a sample at least: there is one every 10 s. */
const openSampled = async (name: string): Promise<Page> => {
  await storePool(await server(), name);
  const samples = async () => {
    const { body } = await call(await server(), 'GET', `/v1/pools/${name}/history?step=10`);
    return (body as { columns: { available: (number | null)[] } }).columns.available.filter((count) => count !== null)
      .length;
  };
  await expect.poll(samples, { interval: 500 }).toBeGreaterThanOrEqual(1);
  return openAt(await server(), `/pools/${name}`);
};

const chart = (page: Page) => page.getByRole('img', { name: /Arrow keys read single points/ });

test('The chart is drawn, says in words what it shows, and its points are read with the arrow keys', async () => {
  const page = await openSampled('sampled');
  await chart(page).waitFor();
  expect(await chart(page).getAttribute('aria-label')).toMatch(
    /available now 2, lowest \d; desired 2; buffer 2 to 4; poolMax 10/,
  );
  const colours = await chart(page)
    .locator('canvas')
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height) ?? {
        data: [],
      };
      return new Set(Array.from({ length: data.length / 4 }, (_, at) => data.slice(at * 4, at * 4 + 3).join())).size;
    });
  expect(colours).toBeGreaterThan(5);

  await chart(page).focus();
  await page.keyboard.press('End');
  const card = page.locator('.hover-card');
  await card.getByText('available', { exact: true }).waitFor();
  const last = await card.locator('time').innerText();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => card.locator('time').innerText()).not.toBe(last);
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
});

test('The time range is chosen beside the tabs, and a link to the page keeps it', async () => {
  await storePool(await server(), 'ranged');
  const page = await openAt(await server(), '/pools/ranged');
  const range = page.getByRole('group', { name: 'Time range' });
  const asked = page.waitForRequest((request) => request.url().includes('pools.history'));
  await range.getByRole('button', { name: '6 h' }).click();
  await asked;
  await page.waitForURL(/\?range=360$/);
  await page.reload();
  await range.getByRole('button', { name: '6 h', pressed: true }).waitFor();
  await range.getByRole('button', { name: '30 min' }).click();
  await page.waitForURL(/\/pools\/ranged$/);
});

test('Each decision has its sentence and its effect', async () => {
  await storePool(await server(), 'decided');
  const page = await openAt(await server(), '/pools/decided/decisions');
  const table = page.getByRole('table', { name: 'Decisions of decided' });
  await table
    .getByText(/^Wants 2/)
    .first()
    .waitFor();
});
