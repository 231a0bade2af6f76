// The built package, as its users run it: its declarations, Node.js 20, a browser, and React.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { API_KEY, startTestServer } from '../../support/test-server.ts';
import { findChromium } from '../../support/find-chromium.ts';
import { buildPackage, installPackage, projectBin, run } from './install-package.ts';
import { removeFolder } from '../../support/remove-folder.ts';

const temporaryProject = () => mkdtempSync(path.join(tmpdir(), 'warmpool-client-'));
const folder = temporaryProject();
const reactFolder = temporaryProject();
let browserPath: string;

beforeAll(() => {
  browserPath = findChromium();
  buildPackage();
  installPackage(folder, 'consumer');
  writeFileSync(path.join(folder, 'examples.mts'), examplesOfReadme('ts'));
  run(folder, projectBin('tsc'));
});
afterAll(() => {
  for (const project of [folder, reactFolder]) removeFolder(project);
});

/** The result of `consumer/use-client.mts`. */
const SEEN = {
  watched: expect.arrayContaining(['added', 'bookmark', 'deleted']) as unknown,
  poolMax: 3,
  names: ['agents'],
  error: { code: 'KUBERNETES::POOL_NOT_FOUND', status: 404, hasRequestId: true },
  left: 0,
};

test('The declarations have no errors of their own', () => {
  const tsc = spawnSync(projectBin('tsc'), ['--noEmit', '--skipLibCheck', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  // Those of @trpc/server use types of Node.js and of ws, which users of a client need not have.
  expect(tsc.stdout.split('\n').filter((line) => !/^(node_modules\/@trpc\/server\/.*)?$/.test(line))).toEqual([]);
});

/** A timer left running would keep the process alive for 30 s. */
test(
  'The client works on Node.js 20 with a newer @trpc/client, and the process ends',
  { timeout: 15_000 },
  async () => {
    const { url } = await startTestServer();
    const node = path.join(folder, 'node_modules', '.bin', 'node');
    const process = spawn(node, ['main.mjs', JSON.stringify({ url, apiKey: API_KEY })], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(JSON.parse(await text(process.stdout))).toEqual({
      node: expect.stringMatching(/^v20\./) as string,
      ...SEEN,
    });
  },
);

test('The client works in a browser from another origin, and sends the key in no URL', async () => {
  const page = await openPage();
  const { url } = await startTestServer({
    config: (config) => ({ ...config, server: { ...config.server, corsOrigins: [page.origin] } }),
  });
  expect(await page.evaluate(`useClient(${JSON.stringify({ url, apiKey: API_KEY })})`)).toEqual(SEEN);
  expect(page.requested.filter((requested) => requested.includes(API_KEY))).toEqual([]);
  expect(page.errors.filter((error) => !error.includes('404'))).toEqual([]);
});

test('The client adds less than 16 kB to a page, without zod', async () => {
  await buildSite();
  const assets = path.join(folder, 'dist', 'assets');
  const [script = '', ...others] = readdirSync(assets);
  expect(others).toEqual([]);
  const code = readFileSync(path.join(assets, script));
  expect(code.includes('ZodError')).toBe(false);
  expect(gzipSync(code).length).toBeLessThan(16_000);
});

test('The React example of the README compiles', { timeout: 120_000 }, () => {
  installPackage(reactFolder, 'react');
  writeFileSync(path.join(reactFolder, 'example.tsx'), examplesOfReadme('tsx'));
  run(reactFolder, projectBin('tsc'));
});

/** The code blocks of one language in the README of the package. */
const examplesOfReadme = (language: 'ts' | 'tsx') => {
  const readme = readFileSync(path.join(folder, 'node_modules', 'warmpool-client', 'README.md'), 'utf8');
  const blocks = readme.matchAll(/^```(\w+)\n(.*?)^```/gms);
  return [...blocks].flatMap(([, name, code]) => (name === language ? [code] : [])).join('\n');
};

const buildSite = () => build({ root: folder, logLevel: 'error' });

/** Opens the page of the consumer in Chromium, served from its own origin. */
const openPage = async () => {
  await buildSite();
  const site = await preview({ root: folder, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
  onTestFinished(() => site.close());
  const origin = site.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? '';
  const browser = await chromium.launch({ executablePath: browserPath, args: CHROMIUM_ARGS });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const requested: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(origin);
  return { origin, requested, errors, evaluate: (expression: string): Promise<unknown> => page.evaluate(expression) };
};

/** Keeps the browser from sending requests of its own. */
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
