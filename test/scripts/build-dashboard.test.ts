// `npm run build:dashboard`, on the sources of the dashboard.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DIST = path.join(ROOT, 'src/dashboard/dist');

const build = async () =>
  (await promisify(execFile)(process.execPath, ['scripts/build-dashboard.mjs'], { cwd: ROOT })).stderr;

test('The dashboard is built once, even by two builds at the same time, and not again until its sources change', async () => {
  rmSync(path.join(DIST, 'current'), { force: true });
  await Promise.all([build(), build()]);
  const current = readFileSync(path.join(DIST, 'current'), 'utf8').trim();
  expect(existsSync(path.join(DIST, current, 'index.html'))).toBe(true);
  expect(await build()).toBe('');
}, 120_000);
