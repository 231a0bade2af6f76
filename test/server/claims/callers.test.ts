// Many clients at the same time: each member has one holder, and everyone else gets a documented error.
import { describe, expect, test } from 'vitest';
import { Claim } from '../../../src/contract/claim.ts';
import { capacity, poolNamed } from '../../support/pools.ts';
import type { ServerProcess } from '../../support/server-process.ts';
import { listClaims, metricOf, send, type Target } from './claims-client.ts';
import { createPool, startFast } from './claims-server.ts';
import { expectNothingLeft } from './nothing-left.ts';

const claim = async (target: Target, pool: string, body: object = {}) => {
  const answer = await send(target, 'POST', `/v1/pools/${pool}/claims`, { json: body });
  if (answer === undefined) throw new Error('A request for a claim received no response.');
  return answer;
};

const codeOf = (answer: { body: unknown }) => (answer.body as { code?: string }).code ?? 'created';

const countCodes = (answers: readonly { body: unknown }[]) =>
  Object.fromEntries(Array.from(Map.groupBy(answers, codeOf), ([code, { length }]) => [code, length]));

const release = async (target: Target, id: string) => {
  expect((await send(target, 'DELETE', `/v1/claims/${id}`))?.status).toBe(204);
};

const waiting = (target: Target, pool: string) => metricOf(target, 'warmpool_claims_waiting', pool);

/** Claims all members of a pool. */
const claimAll = (target: Target, pool: string, size: number) =>
  Promise.all(Array.from({ length: size }, async () => Claim.parse((await claim(target, pool)).body)));

/** Clients that claim, hold the member for a moment, and release it. No two hold one member at the same time. */
const takeTurns = async (target: Target, pool: string, clients: number) => {
  const held = new Set<string>();
  const takeTurn = async () => {
    const answer = await claim(target, pool, { waitSeconds: 30 });
    if (answer.status !== 201) return answer;
    const { id, member } = Claim.parse(answer.body);
    expect(held, `member ${member.name} has two holders`).not.toContain(member.name);
    held.add(member.name);
    await new Promise((resolve) => setImmediate(resolve));
    held.delete(member.name);
    await release(target, id);
    return answer;
  };
  return Promise.all(Array.from({ length: clients }, takeTurn));
};

describe('1 000 clients and 200 members', () => {
  const SIZE = 200;

  test.each(['Noop', 'Restart', 'Delete'])(
    'With recycleStrategy %s, each of 1 000 clients gets a member that nobody else holds',
    { timeout: 60_000 },
    async (type) => {
      const server = await startFast();
      await createPool(server, 'agents', SIZE, type);
      expect(countCodes(await takeTurns(server, 'agents', 1_000))).toEqual({ created: 1_000 });
      await expectNothingLeft(server, 'agents', SIZE);
    },
  );

  test(
    'While 200 clients hold all members, 1 000 wait until their time is up and further ones are refused at once',
    { timeout: 60_000 },
    async () => {
      const server = await startFast();
      await createPool(server, 'agents', SIZE);
      const first = await Promise.all(Array.from({ length: 1_000 }, () => claim(server, 'agents', { waitSeconds: 1 })));
      expect(countCodes(first)).toEqual({ created: SIZE, 'KUBERNETES::POOL_CAPACITY_EXHAUSTED': 1_000 - SIZE });
      const claims = first.filter(({ status }) => status === 201).map(({ body }) => Claim.parse(body));
      expect(new Set(claims.map(({ member }) => member.name)).size).toBe(SIZE);

      const second = await Promise.all(
        Array.from({ length: 1_200 }, () => claim(server, 'agents', { waitSeconds: 5 })),
      );
      expect(countCodes(second)).toEqual({ 'SERVER::BUSY': 200, 'KUBERNETES::POOL_CAPACITY_EXHAUSTED': 1_000 });
      for (const { headers } of second) expect(Number(headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);

      await Promise.all(claims.map(({ id }) => release(server, id)));
      await expectNothingLeft(server, 'agents', SIZE);
    },
  );
});

test('A client whose time is up while members are starting receives CLAIM::TIMEOUT', async () => {
  const server = await startFast(30);
  await send(server, 'POST', '/v1/pools', { json: poolNamed('slow', { capacitySpec: capacity(1, 1) }) });
  const answers = await Promise.all([1, 2, 3].map(() => claim(server, 'slow', { waitSeconds: 1 })));
  expect(countCodes(answers)).toEqual({ 'CLAIM::TIMEOUT': 3 });
});

test('Members that are released go to the waiting clients in the order in which these came', async () => {
  const server = await startFast();
  await createPool(server, 'agents', 3);
  const held = await claimAll(server, 'agents', 3);
  const served: number[] = [];
  const clients: Promise<unknown>[] = [];
  for (let client = 0; client < 12; client++) {
    clients.push(
      claim(server, 'agents', { waitSeconds: 20 }).then(async ({ body }) => {
        served.push(client);
        await release(server, Claim.parse(body).id);
      }),
    );
    await expect.poll(() => waiting(server, 'agents'), { interval: 5 }).toBe(client + 1);
  }
  await release(server, held[0]?.id ?? '');
  await Promise.all(clients);
  expect(served).toEqual(Array.from({ length: 12 }, (_, client) => client));
});

describe('Clients that disconnect while they wait', () => {
  const overTrpc = (server: ServerProcess, signal: AbortSignal) =>
    fetch(`${server.url}/trpc/claims.create`, {
      method: 'POST',
      signal,
      headers: { 'OPEN-SANDBOX-API-KEY': server.key, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'agents', waitSeconds: 60 }),
    });
  const overRest = (server: ServerProcess, signal: AbortSignal) =>
    fetch(`${server.url}/v1/pools/agents/claims`, {
      method: 'POST',
      signal,
      headers: { 'OPEN-SANDBOX-API-KEY': server.key, 'Content-Type': 'application/json' },
      body: JSON.stringify({ waitSeconds: 60 }),
    });

  test.each([
    ['REST', overRest],
    ['tRPC', overTrpc],
  ])(
    '500 clients that disconnect over %s leave the line, and 100 that stay are served',
    { timeout: 30_000 },
    async (_what, post) => {
      const server = await startFast();
      await createPool(server, 'agents', 2);
      const held = await claimAll(server, 'agents', 2);
      const controller = new AbortController();
      const leaving = Array.from({ length: 500 }, () => post(server, controller.signal));
      await expect.poll(() => waiting(server, 'agents'), { timeout: 10_000 }).toBe(500);
      const staying = Array.from({ length: 100 }, async () => {
        const { body } = await claim(server, 'agents', { waitSeconds: 60 });
        await release(server, Claim.parse(body).id);
      });
      await expect.poll(() => waiting(server, 'agents'), { timeout: 10_000 }).toBe(600);
      controller.abort();
      await Promise.allSettled(leaving);
      await expect.poll(() => waiting(server, 'agents'), { timeout: 10_000 }).toBe(100);
      await Promise.all(held.map(({ id }) => release(server, id)));
      await Promise.all(staying);
      await expectNothingLeft(server, 'agents', 2);
      expect(await listClaims(server, 'all')).toHaveLength(102);
    },
  );

  test('SIGTERM ends every wait with SERVER::SHUTTING_DOWN over REST and tRPC, and the process with exit code 0', async () => {
    const server = await startFast();
    await createPool(server, 'agents', 1);
    await claimAll(server, 'agents', 1);
    const { signal } = new AbortController();
    const clients = Array.from({ length: 200 }, async (_, client) => {
      const response = await (client % 2 === 0 ? overRest : overTrpc)(server, signal);
      return { status: response.status, text: await response.text() };
    });
    await expect.poll(() => waiting(server, 'agents'), { timeout: 10_000 }).toBe(200);
    server.child.kill('SIGTERM');
    const stoppedMs = performance.now();
    for (const { status, text } of await Promise.all(clients)) {
      expect(status).toBe(503);
      expect(text).toContain('SERVER::SHUTTING_DOWN');
    }
    expect(await server.exited).toBe(0);
    expect(performance.now() - stoppedMs).toBeLessThan(5_000);
  });
});
