// A browser that is signed in to the dashboard of a real server.
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { findChromium } from '../../support/find-chromium.ts';
import { dataFolder, start, type ServerProcess } from '../../support/server-process.ts';

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

/** Less than a test may take, so that the failure names what was waited for. */
const WAIT_MAX_MS = 15_000;

/** A page whose errors, refused resources and requests to other hosts fail the test at its end. */
export const openPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 }, ...options });
  context.setDefaultTimeout(WAIT_MAX_MS);
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

export const untilLive = (page: Page): Promise<void> =>
  page.getByRole('status').getByText('Live', { exact: true }).waitFor();

/** Fills in the form of the page that is shown. */
export const enterKey = async (page: Page, key: string): Promise<void> => {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

const signIn = async (page: Page, { url, key }: ServerProcess): Promise<void> => {
  await page.goto(`${url}/ui/`);
  await enterKey(page, key);
  await untilLive(page);
};

/** A server with an empty data directory, and a page that is signed in to it. */
export const openDashboard = async ({ args = [], context = {} }: Options = {}): Promise<Dashboard> => {
  const server = await start(dataFolder(), args);
  const page = await openPage(context);
  await signIn(page, server);
  return { server, page };
};

/** A page of a server that runs already, signed in without the form. */
export const openAt = async (
  server: ServerProcess,
  path: string,
  context: BrowserContextOptions = {},
): Promise<Page> => {
  const page = await openPage(context);
  const answer = await page.context().request.post(pageOf(server, '/session'), { data: { apiKey: server.key } });
  expect(answer.status()).toBe(204);
  await page.goto(pageOf(server, path));
  await untilLive(page);
  return page;
};

/** The path of a page of the dashboard. */
export const pageOf = ({ url }: ServerProcess, path: string): string => `${url}/ui${path}`;
