// Creating a pool.
import { press, untilDialog, type Site, type View } from './view.ts';

const openCreate = async ({ page, go }: Site, name = 'web-shell') => {
  await go('/create');
  await untilDialog(page);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByText(/^(Checked by the server|Refused by the server|\d+ problems?)$/).waitFor();
};

export const CREATE_VIEWS: readonly View[] = [
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
];
