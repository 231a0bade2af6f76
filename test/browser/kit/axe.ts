// What axe finds on a page against WCAG 2.2 AA.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { inEach } from './appearances.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Two thumbs of a slider may touch. The numbers beside it do the same (2.5.8, "equivalent"). */
const isThumb = (target: readonly unknown[]): boolean => /bufferM|poolM/.test(String(target));

/** axe works by scripts, which the page's own policy refuses. Nothing moves, so that nothing is measured half way. */
export const FOR_AXE = { bypassCSP: true, reducedMotion: 'reduce' } as const;

/** Fails with a line for each violation and each element that has it, in any theme and size. */
export const expectAccessible = async (page: Page, what: string): Promise<void> => {
  const found: string[] = [];
  await inEach(page, async (appearance) => {
    found.push(...(await violationsOf(page)).map((violation) => `${appearance}: ${violation}`));
  });
  expect.soft(found, what).toEqual([]);
};

const violationsOf = async (page: Page): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .filter(({ target }) => !(id === 'target-size' && isThumb(target)))
      .map(({ target, html }) => `${id}: ${help}: ${target.join(' ')}: ${html.slice(0, 160)}`),
  );
};
