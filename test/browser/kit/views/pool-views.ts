// The page of a pool, and what can be done with the pool.
import type { Page } from 'playwright-core';
import { press, untilDialog, STEADY, type Site, type View } from './view.ts';

const poolPage =
  (path: string) =>
  async ({ page, go }: Site) => {
    await go(path);
    await page.locator('.sentence').getByText(/\S/).first().waitFor();
    await page.locator('canvas').waitFor();
    await page.getByRole('heading', { name: 'Conditions' }).waitFor();
  };

const openMenu = async (page: Page, item: RegExp) => {
  await press(page, 'More actions');
  await page.getByRole('menuitem', { name: item }).click();
  await untilDialog(page);
};

/** Presses a button beside the name of the pool. */
const pressAction = async (page: Page, name: RegExp) => {
  await page.locator('.pool-head').getByRole('button', { name }).click();
  await untilDialog(page);
};

export const POOL_VIEWS: readonly View[] = [
  { name: 'pool', open: poolPage(STEADY) },
  { name: 'pool at its limit', open: poolPage('/pools/checkout-agents') },
  { name: 'pool that fails', open: poolPage('/pools/ml-notebooks') },
  { name: 'pool in waves', open: poolPage('/pools/ci-linux') },
  {
    name: 'capacity edited',
    open: async (site) => {
      await poolPage(STEADY)(site);
      await site.page.getByRole('textbox', { name: 'bufferMin' }).fill('6');
      await site.page.getByRole('button', { name: 'Apply' }).waitFor();
    },
  },
  {
    name: 'more actions',
    open: async (site) => {
      await poolPage(STEADY)(site);
      await press(site.page, 'More actions');
      await site.page.getByRole('menuitem', { name: /^Delete/ }).waitFor();
    },
  },
  {
    name: 'copy as',
    open: async (site) => {
      await poolPage(STEADY)(site);
      await pressAction(site.page, /^Copy as/);
    },
  },
  {
    name: 'delete',
    open: async (site) => {
      await poolPage(STEADY)(site);
      await openMenu(site.page, /^Delete/);
    },
  },
  {
    name: 'take a claim',
    open: async (site) => {
      await poolPage(STEADY)(site);
      await pressAction(site.page, /^Take a claim/);
    },
  },
  {
    name: 'claim taken',
    open: async (site) => {
      await poolPage(STEADY)(site);
      await pressAction(site.page, /^Take a claim/);
      await site.page.getByRole('dialog').getByRole('button', { name: 'Take a claim' }).click();
      await site.page.getByText('The member is yours').waitFor();
    },
    close: async ({ page }) => {
      await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
      await page.getByText('The member is yours').waitFor({ state: 'detached' });
    },
  },
];
