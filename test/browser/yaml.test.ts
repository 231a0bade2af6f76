// A pool is edited as YAML: problems, changes, plan, apply, rollout, conflict.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openAt, useBrowser } from './kit/dashboard.ts';
import { readEditor, replaceInEditor } from './kit/editor.ts';
import { holdWrites } from './kit/hold-writes.ts';
import { patchPool, readPool, storePool, useServer } from './kit/server.ts';

useBrowser();
const server = useServer();

const openYaml = async (name: string, startSeconds = 0.1): Promise<Page> => {
  await storePool(await server(), name, { startSeconds });
  return openAt(await server(), `/pools/${name}/yaml`);
};

const side = (page: Page) => page.getByRole('complementary', { name: 'About this edit' });
const apply = (page: Page) => page.getByRole('button', { name: 'Apply', exact: true });

test('A wrong value in the YAML of a pool is marked at its line and column, and its problem leads to it', async () => {
  const page = await openYaml('wrong');
  await replaceInEditor(page, 'poolMax: 10', 'poolMax: ten');
  const problem = side(page).getByRole('button', { name: /^\d+:12$/ });
  const line = Number((await problem.innerText()).split(':')[0]);
  expect((await readEditor(page)).split('\n')[line - 1]).toBe('  poolMax: ten');
  await page.locator('.cm-lintRange-error').waitFor();
  await page.getByText('1 problem', { exact: true }).waitFor();
  expect(await apply(page).isDisabled()).toBe(true);
  await problem.click();
  await page.keyboard.press('Control+Delete');
  await page.keyboard.insertText('12');
  await page.getByText('No problems').waitFor();
});

test('A text that is not YAML is a problem, too', async () => {
  const page = await openYaml('broken');
  await replaceInEditor(page, 'poolMax: 10', 'poolMax: [10');
  await side(page)
    .getByRole('heading', { name: /Problems/ })
    .waitFor();
  expect(await apply(page).isDisabled()).toBe(true);
});

test('An edit shows what it changes and what the rule would do, is applied, and the rollout that it starts is shown to its end', async () => {
  const page = await openYaml('rolled', 0.5);
  await replaceInEditor(page, 'image: busybox:1', 'image: busybox:2');
  await side(page).getByText('Removed: image: busybox:1').waitFor();
  await side(page).getByText('Added: image: busybox:2').waitFor();
  await side(page)
    .getByText(/dry run, \d/)
    .waitFor();
  await apply(page).click();
  await page.getByText('based on generation 2').waitFor();
  await page.getByText('Rolling out').first().waitFor();
  await page.getByText('Rolling out').first().waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: /^Members/ }).click();
  await page.getByRole('table', { name: 'Members of rolled' }).waitFor();
  await expect.poll(() => page.getByText('stale', { exact: true }).count()).toBe(0);
  expect(await readPool(await server(), 'rolled')).toMatchObject({ status: { updated: 2 } });
});

test('A change that somebody else stored meanwhile is shown beside mine, and mine is reapplied on it', async () => {
  const page = await openYaml('merged');
  await replaceInEditor(page, 'image: busybox:1', 'image: busybox:2');
  await patchPool(await server(), 'merged', { capacitySpec: { poolMax: 20 } });
  const conflict = page.getByRole('alert');
  await conflict.getByText('Your changes and the other ones do not overlap.').waitFor();
  await side(page).getByText('Added: poolMax: 20').waitFor();
  await side(page).getByText('Added: image: busybox:2').waitFor();
  expect(await apply(page).isDisabled()).toBe(true);
  await conflict.getByRole('button', { name: 'Reapply on generation 2' }).click();
  expect(await readEditor(page)).toContain('poolMax: 20');
  expect(await readEditor(page)).toContain('image: busybox:2');
  await apply(page).click();
  await page.getByText('based on generation 3').waitFor();
  expect(await readPool(await server(), 'merged')).toMatchObject({
    capacitySpec: { poolMax: 20 },
    template: { spec: { containers: [{ image: 'busybox:2' }] } },
  });
});

test('Where both changed the same value, the conflict names it', async () => {
  const page = await openYaml('overlapping');
  await replaceInEditor(page, 'poolMax: 10', 'poolMax: 30');
  await patchPool(await server(), 'overlapping', { capacitySpec: { poolMax: 20 } });
  await page
    .getByRole('alert')
    .getByText(/Both changed capacitySpec.poolMax/)
    .waitFor();
  await page.getByRole('button', { name: 'Discard mine, load 2' }).click();
  await expect.poll(() => readEditor(page)).toContain('poolMax: 20');
  await page.getByText('based on generation 2').waitFor();
});

test('An editor in which nothing was typed follows what somebody else stores', async () => {
  const page = await openYaml('followed');
  await page.getByText('poolMax: 10').waitFor();
  await patchPool(await server(), 'followed', { capacitySpec: { poolMax: 20 } });
  await page.getByText('based on generation 2').waitFor();
  await expect.poll(() => readEditor(page)).toContain('poolMax: 20');
});

test('A value that only the server finds wrong is marked at its place as well', async () => {
  const page = await openYaml('refused');
  await replaceInEditor(page, 'start-seconds: "0.1"', 'start-seconds: "soon"');
  await side(page)
    .getByText(/template\.metadata\.annotations/)
    .waitFor();
  await side(page)
    .getByText(/number from 0 to 86400/)
    .waitFor();
  expect(await apply(page).isDisabled()).toBe(true);
});

test('After Apply the editor keeps the new text while the stream does not have it yet', async () => {
  const page = await openYaml('kept');
  await replaceInEditor(page, 'poolMax: 10', 'poolMax: 11');
  await expect.poll(() => apply(page).isEnabled()).toBe(true);
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const text = document.querySelector('.cm-content')?.textContent ?? '';
      if (!text.includes('poolMax: 11')) seen.push(text);
      if (document.querySelector('.conflict') !== null) seen.push('a conflict');
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await apply(page).click();
  await page.getByText('based on generation 2').waitFor();
  await page.waitForTimeout(1_000);
  expect(await page.evaluate('window.seen')).toEqual([]);
});

test('A label that is applied stays in the editor, although labels have no generation', async () => {
  const page = await openYaml('tagged');
  await replaceInEditor(page, 'name: tagged', 'name: tagged\nlabels:\n  team: ml');
  await apply(page).click();
  await expect.poll(() => apply(page).isDisabled()).toBe(true);
  await page.waitForTimeout(1_000);
  expect(await readEditor(page)).toContain('team: ml');
  await patchPool(await server(), 'tagged', { labels: { team: 'web' } });
  await expect.poll(() => readEditor(page)).toContain('team: web');
});

test('Nothing can be typed into the YAML while it is applied', async () => {
  const page = await openYaml('pending');
  const release = await holdWrites(page, 'pools.update');
  await replaceInEditor(page, 'poolMax: 10', 'poolMax: 11');
  await apply(page).click();
  await page.locator('.cm-content[aria-readonly]').waitFor();
  await page.locator('.cm-content').focus();
  await page.keyboard.type('lost');
  release();
  await page.getByText('based on generation 2').waitFor();
  await page.locator('.cm-content:not([aria-readonly])').waitFor();
  expect(await readEditor(page)).not.toContain('lost');
});

test('A container that somebody else inserted is named as an overlap with a change of another container', async () => {
  const page = await openYaml('inserted');
  await replaceInEditor(page, 'image: busybox:1', 'image: busybox:2');
  const { template } = (await readPool(await server(), 'inserted')) as {
    template: { spec: { containers: readonly object[] } };
  };
  const containers = [{ name: 'sidecar', image: 'sidecar:1' }, ...template.spec.containers];
  await patchPool(await server(), 'inserted', { template: { ...template, spec: { ...template.spec, containers } } });
  await page
    .getByRole('alert')
    .getByText(/Both changed template.spec.containers: reapplying replaces all/)
    .waitFor();
  await page.getByRole('button', { name: 'Reapply on generation 2' }).click();
  await expect.poll(() => readEditor(page)).not.toContain('sidecar');
  expect(await readEditor(page)).toContain('image: busybox:2');
});
