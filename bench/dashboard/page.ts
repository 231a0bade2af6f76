// What happens in the browser: how long the first view takes, when a change is on screen, and what a busy stream costs.
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { percentiles } from '../stream/percentiles.ts';
import { poolName, type BenchServer } from './server.ts';

const LOADS = 5;
const CHANGES = 40;

export const signIn = async (browser: Browser, { url, key }: BenchServer): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${url}/ui/`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
};

/** Milliseconds from the navigation until the pools are shown and can be used; a fresh cache each time. */
export const measureLoads = async (browser: Browser, server: BenchServer) => {
  const times: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    const page = await signIn(browser, server);
    const cookies = await page.context().cookies();
    await page.context().close();
    const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
    await context.addCookies(cookies);
    const fresh = await context.newPage();
    const startMs = performance.now();
    await fresh.goto(`${server.url}/ui/`, { waitUntil: 'commit' });
    await fresh.getByText(poolName(0), { exact: true }).waitFor();
    times.push(performance.now() - startMs);
    await context.close();
  }
  return percentiles(times);
};

/** Milliseconds from a PATCH, sent, until the browser has drawn it. */
export const measureChanges = async (page: Page, server: BenchServer, firstRevision: number) => {
  const times: number[] = [];
  for (let change = 0; change < CHANGES; change++) {
    const text = `revision=${firstRevision + change}`;
    const shown = page.evaluate<number>(
      `new Promise((resolve) => {
        const look = () => document.body.innerText.includes('${text}') ? resolve(Date.now()) : requestAnimationFrame(look);
        look();
      })`,
    );
    await setTimeout(120);
    const sentMs = Date.now();
    await server.label(0, firstRevision + change);
    times.push((await shown) - sentMs);
  }
  return percentiles(times);
};

const heapMb = async (page: Page): Promise<number> => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return Number((usedSize / 1e6).toFixed(1));
};

type BusyOptions = { readonly pools: number; readonly perSecond: number; readonly seconds: number };

/** Changes arrive at a steady rate: the longest tasks of the page, and its heap over time. */
export const measureBusy = async (page: Page, server: BenchServer, { pools, perSecond, seconds }: BusyOptions) => {
  await page.evaluate(`
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });
  `);
  const heaps = [await heapMb(page)];
  const startMs = performance.now();
  for (let change = 0; change < perSecond * seconds; change++) {
    const dueMs = startMs + (change * 1_000) / perSecond;
    await setTimeout(Math.max(0, dueMs - performance.now()));
    void server.label((change * 7) % pools, change);
    if (change % (perSecond * 15) === perSecond * 15 - 1) heaps.push(await heapMb(page));
  }
  await setTimeout(1_000);
  const longTasks = await page.evaluate<number[]>('window.longTasks');
  return {
    changesPerSecond: perSecond,
    seconds,
    longTasks: longTasks.length,
    longestTaskMs: Math.round(Math.max(0, ...longTasks)),
    heapMb: heaps,
  };
};
