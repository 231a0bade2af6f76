// The example of a claim, run as its first lines describe. Docker's command line is the outside world: a script stands for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { createWarmpoolClient } from '../../../src/client/index.ts';
import { API_KEY, startTestServer, temporaryFolder } from '../../support/test-server.ts';
import { buildPackage } from './install-package.ts';

beforeAll(() => {
  buildPackage();
});

/** A `docker` that knows every container, and runs the command of `docker exec` on this machine. */
const DOCKER = '#!/bin/sh\n[ "$1" = exec ] || exit 0\nshift 2\nexec "$@"\n';

const startExample = (url: string, docker: string, ...args: string[]) => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'docker'), docker);
  chmodSync(path.join(folder, 'docker'), 0o755);
  return spawn(process.execPath, ['examples/run-in-a-sandbox.ts', ...args], {
    env: {
      ...process.env,
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      WARMPOOL_URL: url,
      OPENSANDBOX_SERVER_API_KEY: API_KEY,
    },
  });
};

const outcomeOf = async (example: ReturnType<typeof startExample>) => {
  const [stdout, stderr] = await Promise.all([text(example.stdout), text(example.stderr), once(example, 'close')]);
  return { code: example.exitCode, stdout, stderr };
};

/** Presses Ctrl-C once the example has printed `text`. Returns what it has printed so far. */
const interruptAt = (example: ReturnType<typeof startExample>, text: string) => {
  let stdout = '';
  example.stdout.setEncoding('utf8').on('data', (printed: string) => {
    const isEarlier = stdout.includes(text);
    stdout += printed;
    if (!isEarlier && stdout.includes(text)) example.kill('SIGINT');
  });
  return () => stdout;
};

/** A server with the pool "agents", and a function that lists the states of its claims. */
const startPool = async (poolMax = 2) => {
  const { url } = await startTestServer();
  const client = createWarmpoolClient({ url, apiKey: API_KEY });
  await client.pools.create.mutate({
    name: 'agents',
    template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } },
    capacitySpec: { bufferMin: 1, bufferMax: 1, poolMin: 0, poolMax },
  });
  const states = async () => (await client.claims.list.query({ state: 'all' })).items.map(({ state }) => state);
  return { url, states };
};

test('The example runs a command in the member, exits with its code and releases the claim', async () => {
  const { url, states } = await startPool();
  const { code, stdout } = await outcomeOf(startExample(url, DOCKER, 'agents', 'sh', '-c', 'echo done; exit 3'));
  expect(code).toBe(3);
  expect(stdout).toMatch(
    /^waiting up to 30 s for a member of pool "agents"\nclaim agents-.+: member agents-.+\ndone\nreleased\n$/,
  );
  expect(await states()).toEqual(['released']);
});

test('The example prints a member that is not a container and releases its claim', async () => {
  const { url, states } = await startPool();
  const { code, stdout } = await outcomeOf(startExample(url, '#!/bin/sh\nexit 1\n'));
  expect([code, stdout]).toEqual([0, expect.stringContaining('member agents-')]);
  expect(await states()).toEqual(['released']);
});

test('The example releases the claim on Ctrl-C', async () => {
  const { url, states } = await startPool();
  const example = startExample(url, DOCKER, 'agents', 'sleep', '30');
  const stdout = interruptAt(example, 'claim agents-');
  await once(example, 'close');
  expect(stdout()).toContain('interrupted: releasing the claim');
  expect(example.signalCode).toBe('SIGINT');
  expect(await states()).toEqual(['released']);
});

test('The example that waits for a member says so, and leaves the line on Ctrl-C', async () => {
  const { url, states } = await startPool(0);
  const example = startExample(url, DOCKER);
  const stdout = interruptAt(example, 'waiting up to 30 s');
  await once(example, 'close');
  expect(stdout()).toContain('interrupted: releasing the claim');
  expect(example.signalCode).toBe('SIGINT');
  expect(await states()).toEqual([]);
});

test('The example prints the error and exits with 1 if the pool does not exist', async () => {
  const { url } = await startTestServer();
  const { code, stderr } = await outcomeOf(startExample(url, DOCKER));
  expect([code, stderr]).toEqual([1, 'KUBERNETES::POOL_NOT_FOUND: Pool "agents" not found.\n']);
});
