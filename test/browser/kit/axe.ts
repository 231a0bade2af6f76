// What axe finds on a page against WCAG 2.2 AA.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Two thumbs of a slider may touch. The numbers beside it do the same (2.5.8, "equivalent"). */
const isThumb = (target: readonly unknown[]): boolean => /bufferM|poolM/.test(String(target));

/** A line for each violation and each element that has it. */
export const violationsOf = async (page: Page): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes
      .filter(({ target }) => !(id === 'target-size' && isThumb(target)))
      .map(({ target, html }) => `${id}: ${help}: ${target.join(' ')}: ${html.slice(0, 160)}`),
  );
};
