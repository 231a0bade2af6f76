// `npm run build:dashboard`, on the sources of the dashboard.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DIST = path.join(ROOT, 'src/dashboard/dist');

const build = async (more: Readonly<Record<string, string>> = {}) => {
  const options = { cwd: ROOT, env: { ...process.env, ...more } };
  return (await promisify(execFile)(process.execPath, ['scripts/build-dashboard.mjs'], options)).stderr;
};

test('The dashboard is built once, even by two builds at the same time, and not again until its sources change', async () => {
  rmSync(path.join(DIST, 'current'), { force: true });
  await Promise.all([build(), build()]);
  const current = readFileSync(path.join(DIST, 'current'), 'utf8').trim();
  expect(existsSync(path.join(DIST, current, 'index.html'))).toBe(true);
  expect(await build()).toBe('');
}, 120_000);

test('The build is one for production, whatever NODE_ENV is', async () => {
  rmSync(path.join(DIST, 'current'), { force: true });
  await build({ NODE_ENV: 'development' });
  const assets = path.join(DIST, readFileSync(path.join(DIST, 'current'), 'utf8').trim(), 'assets');
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  expect(scripts).not.toEqual([]);
  // A build for development names the source of every element, with paths of the machine.
  const sources = scripts.filter((name) => readFileSync(path.join(assets, name), 'utf8').includes('jsxDEV'));
  expect(sources).toEqual([]);
}, 120_000);
