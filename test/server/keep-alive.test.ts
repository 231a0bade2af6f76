// How long an idle connection stays open.
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startTestServer } from '../support/test-server.ts';

test('An idle connection stays open for 75 seconds by default', async () => {
  const { call } = await startTestServer();
  const { headers } = await call('GET', '/health');
  expect(headers.get('Keep-Alive')).toBe('timeout=75');
});

test('An idle connection is closed after keep_alive_seconds', async () => {
  const { url } = await startTestServer({
    config: (config) => ({ ...config, server: { ...config.server, keepAliveSeconds: 1 } }),
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  const [head] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
  const respondedMs = performance.now();
  expect(head).toContain('Keep-Alive: timeout=1\r\n');
  await once(socket, 'close');
  const idleMs = performance.now() - respondedMs;
  expect(idleMs).toBeGreaterThan(900);
  expect(idleMs).toBeLessThan(5_000);
});
