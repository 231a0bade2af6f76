// A browser that is signed in to the dashboard of a server of its own.
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { findChromium } from '../../support/find-chromium.ts';
import { call, dataFolder, start, type ServerProcess } from '../../support/server-process.ts';
import { capacity, poolNamed } from '../../support/pools.ts';

let browser: Browser;

/** One browser for all tests of a file. */
export const useBrowser = (): void => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
  });
};

export type Dashboard = { readonly server: ServerProcess; readonly page: Page };

type Options = {
  /** Arguments of the server. */
  readonly args?: readonly string[];
  readonly context?: BrowserContextOptions;
};

/** A page whose errors, refused resources and requests to other hosts fail the test at its end. */
export const openPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  const hosts = new Set<string>();
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    // What a page may not do is an error on its console; a failed request is the test's own business.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text());
  });
  page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
  onTestFinished(async () => {
    await context.close();
    expect(problems).toEqual([]);
    expect([...hosts].filter((host) => host !== '127.0.0.1')).toEqual([]);
  });
  return page;
};

export const signIn = async (page: Page, { url, key }: ServerProcess): Promise<void> => {
  await page.goto(`${url}/ui/`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
};

/** A server with an empty data directory, and a page that is signed in to it. */
export const openDashboard = async ({ args = [], context = {} }: Options = {}): Promise<Dashboard> => {
  const server = await start(dataFolder(), args);
  const page = await openPage(context);
  await signIn(page, server);
  return { server, page };
};

/** Stores a pool over the API, as somebody else would. */
export const storePool = async (
  server: ServerProcess,
  name: string,
  { bounds = capacity(2, 4, 0, 10), ...more }: { readonly bounds?: object } & Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const answer = await call(server, 'POST', '/v1/pools', poolNamed(name, { capacitySpec: bounds, ...more }));
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
};

/** The path of a page of the dashboard. */
export const pageOf = ({ url }: ServerProcess, path: string): string => `${url}/ui${path}`;
