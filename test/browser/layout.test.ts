// Nothing overlaps the edge of the page, whatever its width, the length of names and the size of numbers.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { capacity } from '../support/pools.ts';
import { openDashboard, pageOf, useBrowser } from './kit/dashboard.ts';
import { storePool } from './kit/server.ts';
import { useDemo } from './kit/demo.ts';
import { VIEWS } from './kit/views/views.ts';

useBrowser();
const openDemo = useDemo();

/** 720 is also 1440 with a zoom of 200 %. */
const WIDTHS = [320, 390, 720, 768, 1_440] as const;

/** Controls that stick out of the page, unless they are in a part that scrolls by itself; and how far the page scrolls sideways. */
const sticksOut = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const out = [...document.querySelectorAll('h1, h2, button, a, input, td, dd, p')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      const isRead = width > 1 && getComputedStyle(element).visibility === 'visible';
      return isRead && (left < -1 || right > clientWidth + 1) && !scrolls(element.parentElement);
    });
    const names = out.map(({ tagName, className, textContent }) => `${tagName}.${className} ${textContent}`);
    return scrollWidth > clientWidth ? [`scrolls by ${scrollWidth - clientWidth} px`, ...names] : names;
  });

/** What sticks out at any width. */
const sticksOutAnywhere = async (page: Page): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    found.push(...(await sticksOut(page)).map((what) => `${width} px: ${what}`));
  }
  return found;
};

test.each(VIEWS)('The view "$name" never scrolls sideways', async (view) => {
  const site = await openDemo({ reducedMotion: 'reduce' });
  await view.open(site);
  expect(await sticksOutAnywhere(site.page)).toEqual([]);
  await site.page.setViewportSize({ width: 1_440, height: 844 });
  await view.close?.(site);
});

const LONG_NAME = `a-name-of-63-characters-${'x'.repeat(39)}`;
const LABELS = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`label-${at}`, `value-of-the-label-${at}`]));

/** The text spacing of WCAG 1.4.12. */
const SPACED = `* {
  letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important;
  line-height: 1.5 !important;
}`;

test('Long names, many labels and large numbers fit, also with wider letters', { timeout: 120_000 }, async () => {
  const { server, page } = await openDashboard({ context: { bypassCSP: true } });
  await storePool(server, LONG_NAME, { labels: LABELS, bounds: capacity(0, 10_000, 0, 20_000) });
  for (const path of ['', '/members', '/claims', '/decisions', '/yaml']
    .map((tab) => `/pools/${LONG_NAME}${tab}`)
    .concat('/')) {
    await page.goto(pageOf(server, path));
    await page.getByText(LONG_NAME).locator('visible=true').first().waitFor();
    expect.soft(await sticksOutAnywhere(page), path).toEqual([]);
    await page.addStyleTag({ content: SPACED });
    expect.soft(await sticksOutAnywhere(page), `${path}, spaced`).toEqual([]);
  }
});

test('On a phone every button is at least 36 px high', async () => {
  const { page, go } = await openDemo({ viewport: { width: 390, height: 844 } });
  const small: string[] = [];
  for (const path of ['/', '/pools/checkout-agents', '/pools/checkout-agents/claims', '/create']) {
    await go(path);
    await page.getByRole('button').first().waitFor();
    small.push(
      ...(await page.evaluate(() =>
        [...document.querySelectorAll('.btn, .choice > button')]
          .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 34)
          .map(({ className, textContent }) => `${className} ${textContent}`),
      )),
    );
  }
  expect(small).toEqual([]);
});

/** Scrolls down and up again. What is wrong: a row that moved by another distance than the page, a place without rows. */
const unsteadySteps = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const tops = () =>
      new Map(
        [...document.querySelectorAll("[data-l='Member']")].map((cell) => [
          cell.textContent,
          cell.getBoundingClientRect().top,
        ]),
      );
    const frames = async () => {
      for (let left = 4; left > 0; left--) await new Promise(requestAnimationFrame);
    };
    const problems: string[] = [];
    const steps = [...Array<number>(20).fill(500), ...Array<number>(18).fill(-500)];
    for (const [at, step] of steps.entries()) {
      const before = tops();
      window.scrollBy(0, step);
      await frames();
      for (const [name, top] of tops()) {
        const moved = (before.get(name) ?? top + step) - top;
        if (Math.abs(moved - step) > 1) problems.push(`step ${at}: ${name} moved by ${moved} px instead of ${step}`);
      }
      const isEmpty = [250, 500, 800].some((y) => document.elementFromPoint(195, y)?.closest('.gap') !== null);
      if (isEmpty) problems.push(`step ${at}: a part of the table is empty`);
    }
    return problems;
  });

test('On a phone a table of 300 members scrolls steadily, without empty parts', { timeout: 120_000 }, async () => {
  const { server, page } = await openDashboard({ context: { viewport: { width: 390, height: 844 } } });
  await storePool(server, 'crowd', {
    bounds: capacity(300, 300, 0, 300),
    scaleStrategy: { maxUnavailable: '100%' },
  });
  await page.goto(pageOf(server, '/pools/crowd/members'));
  await page.getByRole('button', { name: /^Ready\s*300$/ }).waitFor();
  expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('301');
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  expect(await unsteadySteps(page)).toEqual([]);
});

test('Who wants no motion sees none', async () => {
  const { page, go } = await openDemo({ reducedMotion: 'reduce' });
  await go('/create');
  await page.getByRole('dialog').waitFor();
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => {
        const { transitionDuration, animationDuration, animationIterationCount } = getComputedStyle(element);
        const lasts = (durations: string) => durations.split(',').some((duration) => parseFloat(duration) > 0.01);
        return lasts(transitionDuration) || (lasts(animationDuration) && animationIterationCount !== '1');
      })
      .map(({ tagName, className }) => `${tagName}.${className}`),
  );
  expect(moving).toEqual([]);
});
