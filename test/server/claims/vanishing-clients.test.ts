// Clients that disconnect without reading their response: a member that nobody knows of is not held until its ttl.
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ServerProcess } from '../../support/server-process.ts';
import { listClaims, metricOf } from './claims-client.ts';
import { createPool, startFast } from './claims-server.ts';
import { expectNothingLeft } from './nothing-left.ts';

const CLIENTS = 200;
const SIZE = 50;

const routes = {
  REST: ['/v1/pools/agents/claims', {}],
  tRPC: ['/trpc/claims.create', { name: 'agents' }],
} as const;

type Leave = 'destroy' | 'resetAndDestroy' | 'end';

/** Sends a request for a claim, or its beginning, and closes the connection as `leave` says. */
const vanish = async (
  server: ServerProcess,
  transport: keyof typeof routes,
  { body = {}, sent = Infinity, headers = '', leave = 'destroy' as Leave },
): Promise<void> => {
  const [route, input] = routes[transport];
  const json = JSON.stringify({ ...input, ...body });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const head = `POST ${route} HTTP/1.1\r\nHost: x\r\nOPEN-SANDBOX-API-KEY: ${server.key}\r\nContent-Type: application/json\r\n`;
  socket.write(`${head}${headers}Content-Length: ${json.length}\r\n\r\n${json.slice(0, sent)}`, () => socket[leave]());
  await once(socket, leave === 'end' ? 'finish' : 'close');
};

/** The server is stopped meanwhile: it finds a request and the end of its connection together, never the one alone. */
const vanishAll = async (...[server, transport, options]: Parameters<typeof vanish>): Promise<void> => {
  server.child.kill('SIGSTOP');
  await Promise.all(Array.from({ length: CLIENTS }, () => vanish(server, transport, options)));
  server.child.kill('SIGCONT');
};

describe.each(['REST', 'tRPC'] as const)('Clients that disconnect over %s', (transport) => {
  test('A client that disconnects in the middle of its body claims nothing', async () => {
    const server = await startFast();
    await createPool(server, 'agents', SIZE);
    await vanishAll(server, transport, { body: { ttlSeconds: 600 }, sent: 10 });
    await expectNothingLeft(server, 'agents', SIZE);
    expect(await listClaims(server, 'all')).toEqual([]);
  });

  test.each(['destroy', 'resetAndDestroy', 'end'] as const)(
    'The members bound for clients that leave with %s() right after their request are free at once',
    async (leave) => {
      const server = await startFast();
      await createPool(server, 'agents', SIZE);
      await vanishAll(server, transport, { leave });
      await expectNothingLeft(server, 'agents', SIZE);
    },
  );

  test('The members bound for clients that leave while they wait are free at once', async () => {
    const server = await startFast();
    await createPool(server, 'agents', SIZE, 'Restart');
    await vanishAll(server, transport, { body: { waitSeconds: 60 } });
    await expectNothingLeft(server, 'agents', SIZE);
  });
});

test('A claim whose client sent a key and disconnected is there for its retry', async () => {
  const server = await startFast();
  await createPool(server, 'agents', 1);
  await vanish(server, 'REST', { headers: 'Idempotency-Key: once\r\n' });
  await expect.poll(() => metricOf(server, 'warmpool_claims', 'agents')).toBe(1);
  const [claim] = await listClaims(server, 'bound');
  const retry = await fetch(`${server.url}/v1/pools/agents/claims`, {
    method: 'POST',
    headers: { 'OPEN-SANDBOX-API-KEY': server.key, 'Idempotency-Key': 'once' },
  });
  expect(retry.headers.get('Idempotency-Replayed')).toBe('true');
  expect(await retry.json()).toEqual(claim);
});
