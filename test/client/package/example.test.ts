// The example, run as its first lines describe.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { API_KEY, startTestServer } from '../../support/test-server.ts';

const run = async (url: string, apiKey: string) => {
  const example = spawn('npm', ['run', '--silent', 'example'], {
    env: { ...process.env, WARMPOOL_URL: url, OPENSANDBOX_SERVER_API_KEY: apiKey },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(example.stdout),
    text(example.stderr),
    once(example, 'close') as Promise<[number | null]>,
  ]);
  return { code, lines: stdout.trim().split('\n'), stderr };
};

test('The example watches a pool from its creation to its deletion', async () => {
  const { url } = await startTestServer();
  const { code, lines } = await run(url, API_KEY);
  expect([code, lines[0]]).toEqual([0, 'watcher: the current state is complete']);
  // Either of the two clients may be the first to report a change.
  expect(lines).toEqual(
    expect.arrayContaining(['worker: resized it', 'worker: deleted it', 'watcher: deleted example']),
  );
});

test('The example prints the error and exits with 1', async () => {
  const { url } = await startTestServer();
  expect(await run(url, 'wrong')).toMatchObject({ code: 1, stderr: expect.stringContaining('API key') as string });
});
