// `npm run demo` as a person runs it: its pools, its end, and what it leaves.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startDemo } from '../../scripts/demo/start-demo.ts';
import { createWarmpoolClient, type PoolResponse } from '../../src/client/index.ts';
import { temporaryFolder } from '../support/test-server.ts';

const MAIN = path.resolve(import.meta.dirname, '../../scripts/demo/main.ts');

/** Starts the demo with a folder for temporary files of its own, and waits until it has printed how to use it. */
const runDemo = async (args: readonly string[] = ['--port', '0']) => {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, TMPDIR: folder } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  await Promise.race([expect.poll(() => output, { timeout: 30_000 }).toContain('Ctrl-C stops the demo'), exited]);
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
  /** Process id of the server. */
  const serverPid = () => {
    const [scratch = ''] = readdirSync(folder);
    return Number(readFileSync(path.join(folder, scratch, 'data/pid'), 'utf8'));
  };
  return { child, folder, url, exited, output: () => output, serverPid };
};

/** Why nothing listens at the URL. A process that nobody has waited for has an id, but no port. */
const refusalOf = async (url: string): Promise<unknown> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const error = await once(socket, 'connect').then(
    () => undefined,
    (failure: unknown) => failure,
  );
  socket.destroy();
  return error;
};

const reasonsOf = ({ status }: PoolResponse) =>
  Object.fromEntries((status?.conditions ?? []).map(({ type, reason }) => [type, reason]));

test(
  'The four pools of the demo are steady, in a burst, at poolMax with callers in line, and failing',
  { timeout: 90_000 },
  async () => {
    const { url, apiKey, stop } = await startDemo({ port: 0 });
    onTestFinished(stop);
    const client = createWarmpoolClient({ url, apiKey });
    const read = (name: string) => client.pools.get.query({ name });
    // The traffic is random, and the machine may be busy.
    const timeout = 60_000;
    await Promise.all([
      expect
        .poll(
          async () => {
            const pool = await read('code-review-agents');
            return (pool.status?.allocated ?? 0) > 0 && reasonsOf(pool).Ready;
          },
          { timeout },
        )
        .toBe('BufferMet'),
      expect.poll(async () => (await read('ci-linux')).status?.allocated, { timeout }).toBeGreaterThan(10),
      expect
        .poll(
          async () => {
            const plan = await client.pools.patch.mutate({ name: 'checkout-agents', dryRun: true });
            return `${JSON.stringify(reasonsOf(plan))} ${plan.plan?.sentence ?? ''}`;
          },
          { timeout },
        )
        .toMatch(/"Exhausted".*"PoolMax".* \d+ waiting/),
      expect
        .poll(async () => JSON.stringify((await read('ml-notebooks')).status?.conditions), { timeout })
        .toMatch(/StartFailing.*manifest unknown/),
    ]);
  },
);

test('SIGTERM ends the demo with exit code 0 and leaves nothing', async () => {
  const { child, folder, url, exited, output } = await runDemo();
  expect(output()).toMatch(/code-review-agents +steady.*\n.*ci-linux +bursty.*\n.*checkout-agents.*\n.*ml-notebooks/);
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(await refusalOf(url)).toMatchObject({ code: 'ECONNREFUSED' });
  expect(readdirSync(folder)).toEqual([]);
});

test('A second signal ends the demo at once, even if its server hangs, and leaves nothing', async () => {
  const { child, folder, url, exited, serverPid, output } = await runDemo();
  process.kill(serverPid(), 'SIGSTOP');
  child.kill('SIGINT');
  await expect.poll(output).toContain('Stopping');
  child.kill('SIGINT');
  expect(await exited).toBe(130);
  await expect.poll(() => refusalOf(url)).toMatchObject({ code: 'ECONNREFUSED' });
  expect(readdirSync(folder)).toEqual([]);
});

test('A demo whose server dies says so, leaves nothing, and ends with exit code 1', async () => {
  const { folder, exited, serverPid, output } = await runDemo();
  process.kill(serverPid(), 'SIGKILL');
  expect(await exited).toBe(1);
  expect(output()).toContain('demo: The server has ended (SIGKILL).');
  expect(readdirSync(folder)).toEqual([]);
});

test('A demo on a port that is in use says which one to change, and ends with exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { exited, output, folder } = await runDemo(['--port', String((other.address() as AddressInfo).port)]);
  expect(await exited).toBe(1);
  expect(output()).toMatch(/Port \d+ on 127\.0\.0\.1 is in use\. Choose another one with --port/);
  expect(readdirSync(folder)).toEqual([]);
});
