// The lists of a pool, and their dialogs.
import type { Page } from 'playwright-core';
import { press, untilDialog, STEADY, type Site, type View } from './view.ts';

const AT_ITS_LIMIT = '/pools/checkout-agents';

const FAILING = '/pools/ml-notebooks';

const table = (page: Page, name: RegExp) => page.getByRole('table', { name }).getByRole('row').nth(1).waitFor();

const list =
  (path: string, name: RegExp) =>
  async ({ page, go }: Site) => {
    await go(path);
    await table(page, name);
  };

const claims = list(`${STEADY}/claims`, /^Claims/);

const members = list(`${STEADY}/members`, /^Members/);

export const LIST_VIEWS: readonly View[] = [
  { name: 'members', open: members },
  { name: 'members that failed', open: list(`${FAILING}/members`, /^Members/) },
  {
    name: 'evict',
    open: async (site) => {
      await members(site);
      await press(site.page, /^Evict/);
      await untilDialog(site.page);
    },
  },
  { name: 'claims', open: claims },
  {
    name: 'claims with ended ones',
    open: async (site) => {
      await claims(site);
      await press(site.page, /With ended/);
    },
  },
  {
    name: 'claims without a match',
    open: async (site) => {
      await site.go(`${STEADY}/claims?q=nothing`);
      await site.page.getByText('Nothing matches.').waitFor();
    },
  },
  {
    name: 'renew',
    open: async (site) => {
      await claims(site);
      await press(site.page, /^Renew/);
      await untilDialog(site.page);
    },
  },
  {
    name: 'release',
    open: async (site) => {
      await claims(site);
      await press(site.page, /^Release/);
      await untilDialog(site.page);
    },
  },
  { name: 'decisions', open: list(`${AT_ITS_LIMIT}/decisions`, /^Decisions/) },
];
