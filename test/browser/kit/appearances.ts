// The sizes and themes that people use: a view is opened once, and looked at in each of them.
import type { Page } from 'playwright-core';

type Appearance = { readonly width: number; readonly height: number; readonly theme: 'light' | 'dark' };

const SIZES = [
  { width: 1_440, height: 900 },
  { width: 390, height: 844 },
] as const;

const APPEARANCES: readonly Appearance[] = SIZES.flatMap((size) =>
  (['light', 'dark'] as const).map((theme) => ({ ...size, theme })),
);

/** Resolves when the page is drawn in it. */
const show = async (page: Page, { theme, ...size }: Appearance): Promise<void> => {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`[data-mantine-color-scheme=${theme}]`).waitFor();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
};

/** Acts in each of them, and ends in the first. */
export const inEach = async (page: Page, act: (name: string) => Promise<void>): Promise<void> => {
  for (const appearance of APPEARANCES) {
    await show(page, appearance);
    await act(`${appearance.theme}-${appearance.width}`);
  }
  const [first] = APPEARANCES;
  if (first) await show(page, first);
};
