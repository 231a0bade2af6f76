// The dashboard below a path prefix, as a reverse proxy serves it.
import { expect, test } from 'vitest';
import { dataFolder, start } from '../support/server-process.ts';
import { startPrefixProxy } from '../support/prefix-proxy.ts';
import { enterKey, openPage, untilLive, useBrowser } from './kit/dashboard.ts';
import { storePool } from './kit/server.ts';

useBrowser();

test('Behind a path prefix, sign-in, deep links, the stream and creating a pool work', async () => {
  const server = await start(dataFolder());
  const proxy = await startPrefixProxy(server.url, '/tools/warmpool');
  const page = await openPage();
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${proxy}/tools/warmpool/`) && !request.url().startsWith('data:'))
      outside.push(request.url());
  });
  await page.goto(`${proxy}/tools/warmpool/ui/`);
  await enterKey(page, server.key);
  await untilLive(page);

  await storePool(server, 'streamed');
  await page.getByRole('link', { name: 'streamed', exact: true }).click();
  await page.getByRole('heading', { name: 'streamed' }).waitFor();
  expect(page.url()).toBe(`${proxy}/tools/warmpool/ui/pools/streamed`);
  await page.getByRole('link', { name: /^Members/ }).click();
  await page.reload();
  await page.getByRole('table', { name: 'Members of streamed' }).waitFor();

  await page.goto(`${proxy}/tools/warmpool/ui/create`);
  await page.getByRole('textbox', { name: 'Name' }).fill('created');
  await page.getByRole('dialog').getByText('Checked by the server').waitFor();
  expect(await page.getByRole('dialog').locator('pre').innerText()).toContain(`${proxy}/tools/warmpool/v1/pools`);
  await page.getByRole('dialog').getByRole('button', { name: 'Create pool' }).click();
  await page.getByRole('heading', { name: 'created' }).waitFor();
  expect(outside).toEqual([]);
});

test('Behind a path prefix, signing out ends the session', async () => {
  const server = await start(dataFolder());
  const proxy = await startPrefixProxy(server.url, '/tools/warmpool');
  const page = await openPage();
  await page.goto(`${proxy}/tools/warmpool/ui/pools/agents`);
  await enterKey(page, server.key);
  await page.getByRole('heading', { name: 'There is no pool named agents' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});
