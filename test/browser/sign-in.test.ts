// Who gets in, and how.
import { expect, test } from 'vitest';
import { dataFolder, start } from '../support/server-process.ts';
import { openDashboard, openPage, pageOf, signIn, storePool, useBrowser } from './kit/dashboard.ts';

useBrowser();

test('The API key signs in, and is kept nowhere in the browser', async () => {
  const { server, page } = await openDashboard();
  expect(
    await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])'),
  ).not.toContain(server.key);
  await page.reload();
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
});

test('A wrong key is refused with a reason, and the next one may be right', async () => {
  const server = await start(dataFolder());
  const page = await openPage();
  await page.goto(`${server.url}/ui/`);
  await page.getByLabel('API key').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(/API key.*wrong/i).waitFor();
  await page.getByLabel('API key').fill(server.key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
});

test('The link that the server prints signs in once', async () => {
  const server = await start(dataFolder());
  const [link = ''] = /http:\S+#link=[\w-]+/.exec(server.stderr()) ?? [];
  const page = await openPage();
  await page.goto(link);
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  expect(page.url()).not.toContain('link=');
  const other = await openPage();
  await other.goto(link);
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  await other.getByText(/link/i).first().waitFor();
});

test('After a sign-out the page that was shown comes back with the next sign-in', async () => {
  const { server, page } = await openDashboard();
  await storePool(server, 'agents');
  await page.goto(pageOf(server, '/pools/agents/members'));
  await page.getByRole('heading', { name: 'agents' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').fill(server.key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('table', { name: 'Members of agents' }).waitFor();
});

test('A session that ended elsewhere leads to the sign-in and back', async () => {
  const { server, page } = await openDashboard();
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Create pool' }).first().click();
  await page.getByLabel('Name').fill('agents');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(page, server);
});

test('An open server needs no sign-in, and says that it is open', async () => {
  const server = await start(dataFolder(), []).catch(() => undefined);
  expect(server).toBeDefined();
});
