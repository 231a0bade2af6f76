// Pictures of every page and dialog for people to look at, in test/browser/screenshots/ (not committed).
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'vitest';
import { openDashboard, openPage, useBrowser } from './kit/dashboard.ts';
import { useDemo } from './kit/demo.ts';
import { VIEWS } from './kit/views.ts';

useBrowser();
const openDemo = useDemo();

const FOLDER = path.join(import.meta.dirname, 'screenshots');
mkdirSync(FOLDER, { recursive: true });

const SIZES = [
  { width: 1_440, height: 900 },
  { width: 390, height: 844 },
] as const;

const CASES = SIZES.flatMap((viewport) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ viewport, colorScheme, width: viewport.width })),
);

describe.each(CASES)('At $width px in the $colorScheme theme', ({ viewport, colorScheme, width }) => {
  const context = { viewport, colorScheme, reducedMotion: 'reduce' as const };
  const fileOf = (name: string) => path.join(FOLDER, `${name.replaceAll(' ', '-')}-${colorScheme}-${width}.png`);

  test('every page and dialog of the demo has a picture', { timeout: 300_000 }, async () => {
    const site = await openDemo(context);
    for (const view of VIEWS) {
      await view.open(site);
      await site.page.screenshot({ path: fileOf(view.name) });
      await view.close?.(site);
    }
    await site.go('/');
    await site.page.getByRole('table').getByRole('row').nth(4).waitFor();
    await site.page.context().setOffline(true);
    await site.page.getByText('Connection lost.').waitFor();
    await site.page.screenshot({ path: fileOf('connection lost') });
  });

  test('the sign-in and a server without pools have a picture', async () => {
    const { server, page } = await openDashboard({ context });
    await page.getByRole('heading', { name: 'No pools yet' }).waitFor();
    await page.screenshot({ path: fileOf('no pools') });
    const other = await openPage(context);
    await other.goto(`${server.url}/ui/`);
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    await other.screenshot({ path: fileOf('sign in') });
  });
});
