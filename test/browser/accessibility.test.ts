// axe against WCAG 2.2 AA: every page, tab and dialog, and the states between them, in both themes.
import { describe, expect, test } from 'vitest';
import { dataFolder, start } from '../support/server-process.ts';
import { violationsOf } from './kit/axe.ts';
import { openDashboard, openPage, pageOf, useBrowser } from './kit/dashboard.ts';
import { useDemo } from './kit/demo.ts';
import { VIEWS } from './kit/views.ts';

useBrowser();
const openDemo = useDemo();

const THEMES = ['light', 'dark'] as const;

// axe works by scripts, which the page's own policy refuses. Motion is off, so that nothing is measured half way.
const contextFor = (colorScheme: (typeof THEMES)[number], width = 1_440) => ({
  bypassCSP: true,
  reducedMotion: 'reduce' as const,
  colorScheme,
  viewport: { width, height: 900 },
});

describe.each(THEMES)('In the %s theme', (theme) => {
  test.each([1_440, 390])('axe finds nothing in any view at %i px', { timeout: 300_000 }, async (width) => {
    const site = await openDemo(contextFor(theme, width));
    const found: string[] = [];
    for (const view of VIEWS) {
      await view.open(site);
      found.push(...(await violationsOf(site.page)).map((violation) => `${view.name}: ${violation}`));
      await view.close?.(site);
    }
    expect(found).toEqual([]);
  });

  test('axe finds nothing when the connection is lost', async () => {
    const { page, go } = await openDemo(contextFor(theme));
    const found: string[] = [];
    for (const path of ['/', '/pools/checkout-agents', '/pools/checkout-agents/claims']) {
      await go(path);
      await page.getByRole('table').or(page.locator('canvas')).first().waitFor();
      await page.context().setOffline(true);
      await page.getByText('Connection lost.').waitFor();
      found.push(...(await violationsOf(page)));
      await page.context().setOffline(false);
    }
    expect(found).toEqual([]);
  });

  test('axe finds nothing while the pools are loading', async () => {
    const { page, go } = await openDemo(contextFor(theme));
    await page.route(/watch/, () => undefined);
    const found: string[] = [];
    for (const path of ['/', '/pools/checkout-agents']) {
      await go(path);
      await page.locator('[aria-busy=true]').waitFor();
      found.push(...(await violationsOf(page)));
    }
    expect(found).toEqual([]);
  });

  test('axe finds nothing where a panel has failed', async () => {
    const { page, go } = await openDemo(contextFor(theme));
    await page.route(/claims\.list/, (route) => route.fulfill({ status: 500, body: 'broken' }));
    await go('/pools/checkout-agents/claims');
    await page.getByRole('alert').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  test('axe finds nothing on the first page of a server without pools', async () => {
    const { page } = await openDashboard({ context: contextFor(theme) });
    await page.getByRole('heading', { name: 'No pools yet' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  test('axe finds nothing at the sign-in, before and after a wrong key', async () => {
    const server = await start(dataFolder());
    const page = await openPage(contextFor(theme));
    await page.goto(pageOf(server, '/'));
    await page.getByLabel('API key').fill('wrong');
    const before = await violationsOf(page);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(/API key.*wrong/i).waitFor();
    expect([...before, ...(await violationsOf(page))]).toEqual([]);
  });
});
