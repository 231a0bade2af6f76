// Who gets in, and how.
import { expect, test } from 'vitest';
import { dataFolder, launch, listening, start } from '../support/server-process.ts';
import { enterKey, openAt, openDashboard, openPage, pageOf, untilLive, useBrowser } from './kit/dashboard.ts';
import { replaceInEditor } from './kit/editor.ts';
import { storePool, useServer } from './kit/server.ts';

useBrowser();
const server = useServer();

test('The API key signs in, and is kept nowhere in the browser', async () => {
  const { server, page } = await openDashboard();
  expect(
    await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])'),
  ).not.toContain(server.key);
  await page.reload();
  await untilLive(page);
});

test('A wrong key is refused with a reason, and the next one may be right', async () => {
  const page = await openPage();
  await page.goto(pageOf(await server(), '/'));
  await enterKey(page, 'wrong');
  await page.getByText(/API key.*wrong/i).waitFor();
  await enterKey(page, (await server()).key);
  await page.getByRole('heading', { level: 1 }).waitFor();
});

test('The link that the server prints signs in once', async () => {
  const { stderr } = await start(dataFolder());
  await expect.poll(stderr).toContain('#link=');
  const [link = ''] = /http:[^\s"]+#link=[\w-]+/.exec(stderr()) ?? [];
  const page = await openPage();
  await page.goto(link);
  await untilLive(page);
  expect(page.url()).not.toContain('link=');
  const other = await openPage();
  await other.goto(link);
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  await other.getByText(/used|expired/).waitFor();
});

test('After a sign-out the page that was shown comes back with the next sign-in', async () => {
  await storePool(await server(), 'shown');
  const page = await openAt(await server(), '/pools/shown/members');
  await page.getByRole('heading', { name: 'shown' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await enterKey(page, (await server()).key);
  await page.getByRole('table', { name: 'Members of shown' }).waitFor();
});

test('A dry run after the session ended elsewhere leads to the sign-in, and back to the same page', async () => {
  const page = await openAt(await server(), '/');
  await page.getByRole('link', { name: 'Create pool' }).click();
  await page.getByRole('dialog', { name: /Create pool/ }).waitFor();
  await page.context().clearCookies();
  await page.getByRole('textbox', { name: 'Name' }).fill('agents');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await enterKey(page, (await server()).key);
  await page.getByRole('dialog', { name: /Create pool/ }).waitFor();
});

test('A change that is applied after the session ended elsewhere leads to the sign-in', async () => {
  await storePool(await server(), 'ended');
  const page = await openAt(await server(), '/pools/ended/yaml');
  await replaceInEditor(page, 'poolMax: 10', 'poolMax: 11');
  await page.getByText('dry run').waitFor();
  // Only the change itself has no session: otherwise a dry run may be the first request that is refused.
  await page.route('**/pools.update', async (route) => {
    const request = route.request();
    const body = request.postData() ?? '';
    if (body.includes('"dryRun":true')) return route.continue();
    const answer = await fetch(request.url(), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    return route.fulfill({ status: answer.status, contentType: 'application/json', body: await answer.text() });
  });
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('Signing out in one window leads every other window to the sign-in', async () => {
  const page = await openAt(await server(), '/');
  const other = await page.context().newPage();
  await other.goto(pageOf(await server(), '/'));
  await untilLive(other);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await other.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('An open server needs no sign-in, and says that it is open', async () => {
  const dataDir = dataFolder();
  const env = { OPENSANDBOX_INSECURE_SERVER: 'YES' };
  const { url } = await listening(launch(['--port', '0', '--data-dir', dataDir], env), dataDir);
  const page = await openPage();
  await page.goto(`${url}/ui/`);
  await untilLive(page);
  await page.getByRole('note').getByText('This server has no API key').waitFor();
  expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  await page.getByText('$WARMPOOL_API_KEY').waitFor({ state: 'hidden' });
});
