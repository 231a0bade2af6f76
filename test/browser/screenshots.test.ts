// Pictures of every page and dialog for people to look at, in test/browser/screenshots/ (not committed).
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { inEach } from './kit/appearances.ts';
import { openDashboard, openPage, useBrowser } from './kit/dashboard.ts';
import { useDemo } from './kit/demo.ts';
import { storePool } from './kit/server.ts';
import { VIEWS } from './kit/views/views.ts';

useBrowser();
const openDemo = useDemo();

const FOLDER = path.join(import.meta.dirname, 'screenshots');
mkdirSync(FOLDER, { recursive: true });

const STILL = { reducedMotion: 'reduce' } as const;

const draw = (page: Page, name: string) =>
  inEach(page, async (appearance) => {
    await page.screenshot({ path: path.join(FOLDER, `${name.replaceAll(' ', '-')}-${appearance}.png`) });
  });

test.each(VIEWS)('The view "$name" has a picture in both themes, wide and narrow', async (view) => {
  const site = await openDemo(STILL);
  await view.open(site);
  await draw(site.page, view.name);
  await view.close?.(site);
});

test('A lost connection has a picture', async () => {
  const { server, page } = await openDashboard({ context: STILL });
  await storePool(server, 'agents');
  await page.getByRole('table').getByText('Ready').first().waitFor();
  server.child.kill('SIGKILL');
  await page.getByText('Connection lost.').waitFor();
  await draw(page, 'connection lost');
});

test('The sign-in and a server without pools have a picture', async () => {
  const { server, page } = await openDashboard({ context: STILL });
  await page.getByRole('heading', { name: 'No pools yet' }).waitFor();
  await draw(page, 'no pools');
  const other = await openPage(STILL);
  await other.goto(`${server.url}/ui/`);
  await other.getByRole('button', { name: 'Sign in' }).waitFor();
  await draw(other, 'sign in');
});
