// All pools, and what opens over every page.
import { press, untilDialog, type View } from './view.ts';

export const OVERVIEW_VIEWS: readonly View[] = [
  {
    name: 'overview',
    open: async ({ page, go }) => {
      await go('/');
      await page.getByRole('table').getByRole('row').nth(4).waitFor();
    },
  },
  {
    name: 'overview filtered',
    open: async ({ page, go }) => {
      await go('/?label=env:prod&state=failing&q=agents');
      await page.getByRole('searchbox').waitFor();
    },
  },
  {
    name: 'overview without a match',
    open: async ({ page, go }) => {
      await go('/?q=nothing');
      await page.getByRole('searchbox').waitFor();
    },
  },
  {
    name: 'labels',
    open: async ({ page, go }) => {
      await go('/');
      await press(page, 'Labels');
      await page.getByRole('checkbox').first().waitFor();
    },
  },
  {
    name: 'palette',
    open: async ({ page, go }) => {
      await go('/');
      await page.getByRole('table').getByRole('row').nth(4).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Find a pool or an action' }).fill('c');
      await page.getByRole('listbox').getByRole('option').first().waitFor();
    },
  },
  {
    name: 'help',
    open: async ({ page, go }) => {
      await go('/');
      await page.getByRole('table').getByRole('row').nth(4).waitFor();
      await page.keyboard.press('?');
      await untilDialog(page);
    },
  },
  {
    name: 'no such pool',
    open: async ({ page, go }) => {
      await go('/pools/nobody');
      await page.getByText(/There is no pool/).waitFor();
    },
  },
  {
    name: 'no such page',
    open: async ({ page, go }) => {
      await go('/nowhere/at/all');
      await page.getByText(/no such page/).waitFor();
    },
  },
];
