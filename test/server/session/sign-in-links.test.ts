// Links that sign in once.
import { expect, test } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { dataFolder, start } from '../../support/server-process.ts';
import { startTestServer } from '../../support/test-server.ts';
import { Browser } from './browser.ts';

const MINUTE_MS = 60_000;

const linkOf = (path: string): string => path.replace('/ui/sign-in#link=', '');

test('A sign-in link works once', async () => {
  const { url, createDashboardPath } = await startTestServer();
  const link = linkOf(createDashboardPath());
  const browser = new Browser();
  expect((await browser.signIn(url, { link })).status).toBe(204);
  expect(await browser.statusOfList(url)).toBe(200);
  const { status, body } = await new Browser().signIn(url, { link });
  expect([status, body.code, body.message]).toEqual([
    401,
    'INVALID_API_KEY',
    expect.stringContaining('The sign-in link was already used, or is older than 10 minutes.'),
  ]);
});

test('Of many clients that use a sign-in link at the same time, one is signed in', async () => {
  const { url, createDashboardPath } = await startTestServer();
  const link = linkOf(createDashboardPath());
  const answers = await Promise.all(Array.from({ length: 30 }, () => new Browser().signIn(url, { link })));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, ...answers.slice(1).map(() => 401)]);
});

test('A sign-in link works for 10 minutes', async () => {
  const clock = new FakeClock();
  const { url, createDashboardPath } = await startTestServer({ clock });
  const links = [linkOf(createDashboardPath()), linkOf(createDashboardPath())];
  clock.moveTo(clock.now() + 10 * MINUTE_MS - 1);
  expect((await new Browser().signIn(url, { link: links[0] })).status).toBe(204);
  clock.moveTo(clock.now() + 1);
  expect((await new Browser().signIn(url, { link: links[1] })).status).toBe(401);
});

test('Only the newest 100 sign-in links work', async () => {
  const { url, createDashboardPath } = await startTestServer();
  const links = Array.from({ length: 101 }, () => linkOf(createDashboardPath()));
  const statusOf = async (link = '') => (await new Browser().signIn(url, { link })).status;
  expect([await statusOf(links[0]), await statusOf(links[1]), await statusOf(links[100])]).toEqual([401, 204, 204]);
});

test.each(['', 'x', '../../v1/pools'])('The link %j is refused with 401', async (link) => {
  const { url } = await startTestServer();
  expect((await new Browser().signIn(url, { link })).status).toBe(401);
});

test('The server logs a sign-in link at its start, and nowhere else', async () => {
  const server = await start(dataFolder());
  await expect.poll(server.stderr).toContain('Dashboard: ');
  const [, dashboard = '', link = ''] = /"Dashboard: (\S+)#link=([\w-]{43})"/.exec(server.stderr()) ?? [];
  expect(dashboard).toBe(`${server.url}/ui/sign-in`);
  const browser = new Browser();
  expect((await browser.signIn(server.url, { link })).status).toBe(204);
  expect((await new Browser().signIn(server.url, { link })).status).toBe(401);
  await expect.poll(server.stderr).toContain('sign-in refused');
  expect(server.stderr().split(link)).toHaveLength(2);
});
