// Every page, tab and dialog of the dashboard over a running demo, and how a person gets there.
import type { Page } from 'playwright-core';
import type { WarmpoolClient } from '../../../src/client/index.ts';

export type Site = {
  readonly page: Page;
  /** Goes to a path below `/ui`. */
  readonly go: (path: string) => Promise<void>;
  /** Acts as somebody else would. */
  readonly client: WarmpoolClient;
};

export type View = {
  readonly name: string;
  /** Resolves when the view shows what it is about. */
  readonly open: (site: Site) => Promise<void>;
  /** Takes back what `open` changed on the server. */
  readonly close?: (site: Site) => Promise<void>;
};

const STEADY = '/pools/code-review-agents';
const AT_ITS_LIMIT = '/pools/checkout-agents';
const FAILING = '/pools/ml-notebooks';

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();
const dialog = (page: Page) => page.getByRole('dialog').last().waitFor();
const table = (page: Page, name: RegExp) => page.getByRole('table', { name }).getByRole('row').nth(1).waitFor();

const poolPage =
  (path: string) =>
  async ({ page, go }: Site) => {
    await go(path);
    await page.locator('.sentence').getByText(/\S/).first().waitFor();
    await page.locator('canvas').waitFor();
    await page.getByRole('heading', { name: 'Conditions' }).waitFor();
  };

const list =
  (path: string, name: RegExp) =>
  async ({ page, go }: Site) => {
    await go(path);
    await table(page, name);
  };

const claims = list(`${STEADY}/claims`, /^Claims/);
const members = list(`${STEADY}/members`, /^Members/);

const yaml = async ({ page, go }: Site, path = STEADY) => {
  await go(`${path}/yaml`);
  await page.locator('.cm-line').first().waitFor();
};

/** Puts a text in the place of another one at the end of a line of the editor. */
const replaceInEditor = async (page: Page, before: string, after: string) => {
  // Lines that are out of sight are not drawn.
  const line = page.locator('.cm-line', { hasText: before });
  await page.locator('.cm-line').first().click();
  for (let left = 40; left > 0 && !(await line.isVisible()); left--) await page.keyboard.press('PageDown');
  await line.click();
  await page.keyboard.press('End');
  for (let left = before.length; left > 0; left--) await page.keyboard.press('Backspace');
  await page.keyboard.type(after);
};

const openMenu = async (page: Page, item: RegExp) => {
  await press(page, 'More actions');
  await page.getByRole('menuitem', { name: item }).click();
  await dialog(page);
};

const narrowOrWide = async (page: Page, name: RegExp) => {
  const button = page.locator('.pool-head').getByRole('button', { name });
  if (await button.isVisible()) await button.click();
  else await openMenu(page, name);
  await dialog(page);
};

const openCreate = async ({ page, go }: Site, name = 'web-shell') => {
  await go('/create');
  await dialog(page);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByText(/^(Checked by the server|Refused by the server|\d+ problems?)$/).waitFor();
};

export const VIEWS: readonly View[] = [
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
      await dialog(page);
    },
  },
  { name: 'create', open: (site) => openCreate(site) },
  {
    name: 'create with strategies',
    open: async (site) => {
      await openCreate(site);
      await press(site.page, /Strategies/);
    },
  },
  {
    name: 'create with problems',
    open: async (site) => {
      await openCreate(site, 'Web_Shell');
      await site.page.getByRole('textbox', { name: 'bufferMin' }).fill('9');
    },
  },
  { name: 'create under a taken name', open: (site) => openCreate(site, 'ci-linux') },
  {
    name: 'create as YAML',
    open: async (site) => {
      await openCreate(site);
      await press(site.page, 'YAML');
      await site.page.locator('.cm-line').first().waitFor();
    },
  },
  { name: 'pool', open: poolPage(STEADY) },
  { name: 'pool at its limit', open: poolPage(AT_ITS_LIMIT) },
  { name: 'pool that fails', open: poolPage(FAILING) },
  { name: 'pool in waves', open: poolPage('/pools/ci-linux') },
  {
    name: 'capacity edited',
    open: async (site) => {
      await poolPage(STEADY)(site);
      await site.page.getByRole('textbox', { name: 'bufferMin' }).fill('6');
      await site.page.getByRole('button', { name: 'Apply' }).waitFor();
    },
  },
  { name: 'members', open: members },
  { name: 'members that failed', open: list(`${FAILING}/members`, /^Members/) },
  {
    name: 'evict',
    open: async (site) => {
      await members(site);
      await press(site.page, /^Evict/);
      await dialog(site.page);
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
      await dialog(site.page);
    },
  },
  {
    name: 'release',
    open: async (site) => {
      await claims(site);
      await press(site.page, /^Release/);
      await dialog(site.page);
    },
  },
  { name: 'decisions', open: list(`${AT_ITS_LIMIT}/decisions`, /^Decisions/) },
  { name: 'yaml', open: (site) => yaml(site) },
  {
    name: 'yaml edited',
    open: async (site) => {
      await yaml(site);
      await replaceInEditor(site.page, 'bufferMin: 4', 'bufferMin: 6');
      await site.page.getByRole('heading', { name: 'Plan' }).waitFor();
    },
  },
  {
    name: 'yaml with problems',
    open: async (site) => {
      await yaml(site);
      await replaceInEditor(site.page, 'bufferMin: 4', 'bufferMin: many');
      await site.page.getByRole('heading', { name: 'Problems' }).waitFor();
    },
  },
  {
    name: 'yaml in conflict',
    open: async (site) => {
      await yaml(site);
      await replaceInEditor(site.page, 'bufferMin: 4', 'bufferMin: 6');
      await site.client.pools.patch.mutate({ name: 'code-review-agents', capacitySpec: { poolMax: 30 } });
      await site.page.getByRole('button', { name: /^Reapply/ }).waitFor();
    },
    close: async ({ client }) => {
      await client.pools.patch.mutate({ name: 'code-review-agents', capacitySpec: { poolMax: 24 } });
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
      await narrowOrWide(site.page, /^Copy as/);
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
      await narrowOrWide(site.page, /^Take a claim/);
    },
  },
  {
    name: 'claim taken',
    open: async (site) => {
      await poolPage(STEADY)(site);
      await narrowOrWide(site.page, /^Take a claim/);
      await site.page.getByRole('dialog').getByRole('button', { name: 'Take a claim' }).click();
      await site.page.getByText('The member is yours').waitFor();
    },
    close: async ({ page }) => {
      await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
      await page.getByText('The member is yours').waitFor({ state: 'detached' });
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
