// The dashboard in a real browser: its first view, a change on screen, and 1 000 pools that change all the time.
import { chromium } from 'playwright-core';
import { findChromium } from '../test/support/find-chromium.ts';
import { measureBusy, measureChanges, measureLoads, signIn } from './dashboard/page.ts';
import { startServer } from './dashboard/server.ts';

const POOLS = 1_000;

export const benchDashboard = async () => {
  const server = await startServer();
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    await server.create(0, 10);
    const loadMs = await measureLoads(browser, server);
    const small = await signIn(browser, server);
    const changeMs = await measureChanges(small, server, 1_000);
    await small.context().close();
    await server.create(10, POOLS);
    const page = await signIn(browser, server);
    await page.getByText('pool-0000', { exact: true }).waitFor();
    const busy = await measureBusy(page, server, { pools: POOLS, perSecond: 50, seconds: 60 });
    const changeOf1000Ms = await measureChanges(page, server, 100_000);
    return { loadMs, changeMs, pools: POOLS, busy, changeOf1000Ms };
  } finally {
    await browser.close();
    await server.stop();
  }
};

export const printDashboard = ({ busy, ...rest }: Awaited<ReturnType<typeof benchDashboard>>): void => {
  console.table({
    'first view, ms': rest.loadMs,
    'change on screen, ms': rest.changeMs,
    'of 1 000 pools': rest.changeOf1000Ms,
  });
  console.log(busy);
};
