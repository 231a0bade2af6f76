// The YAML of a pool.
import type { Page } from 'playwright-core';
import { STEADY, type Site, type View } from './view.ts';

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

export const YAML_VIEWS: readonly View[] = [
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
];
