// dryRun: every write can be previewed, and has no effect other than its response.
import { describe, expect, test } from 'vitest';
import type { PoolResponse } from '../../../src/contract/pool.ts';
import { capacity, poolNamed, template } from '../../support/pools.ts';
import { startTestServer, type Answer } from '../../support/test-server.ts';

const withPool = async (capacitySpec = capacity(0, 0)) => {
  const server = await startTestServer();
  const { call } = server;
  const strategies = { scaleStrategy: { maxUnavailable: '100%' }, updateStrategy: { maxUnavailable: 1 } };
  await call('POST', '/pools', { json: poolNamed('a', { capacitySpec, labels: { x: 'y' }, ...strategies }) });
  const settled = async () =>
    ((await call('GET', '/pools/a')).body as PoolResponse).status?.conditions?.find(
      ({ type }) => type === 'Progressing',
    )?.reason;
  await expect.poll(settled).toBe('Settled');
  const members = async () =>
    ((await call('GET', '/pools/a/members')).body as { items: { name: string }[] }).items.map(({ name }) => name);
  /** Everything that a write could leave behind. */
  const traces = async () => ({
    list: (await call('GET', '/pools?view=full')).body,
    decisions: (await call('GET', '/pools/a/decisions')).body,
    members: await members(),
    audit: server.log.filter(({ msg }) => msg === 'audit').length,
  });
  return { ...server, members, traces };
};

const planOf = ({ body }: Answer) => (body as PoolResponse).plan;

test.each([
  ['POST', '/pools', poolNamed('b', { capacitySpec: capacity(3, 3) })],
  ['POST', '/v1/pools', poolNamed('b')],
  ['PUT', '/pools/a', { capacitySpec: capacity(5, 5), labels: {} }],
  ['PATCH', '/pools/a', { template: template('other:1') }],
  ['PATCH', '/pools/a', {}],
  ['DELETE', '/pools/a', undefined],
])('A dry run of %s %s %j responds with 200 and a plan, and leaves no trace', async (method, route, json) => {
  const { call, traces } = await withPool(capacity(2, 2));
  const before = await traces();
  const answer = await call(method, `${route}?dryRun=true`, { json });
  expect(answer.status).toBe(200);
  expect(planOf(answer)?.sentence).toMatch(/\.$/);
  for (const header of ['ETag', 'Location', 'Idempotency-Replayed']) expect(answer.headers.get(header)).toBeNull();
  expect(await traces()).toEqual(before);
});

test('A request with dryRun=false is an ordinary write, without a plan', async () => {
  const { call } = await withPool();
  const made = await call('POST', '/pools?dryRun=false', { json: poolNamed('b') });
  expect([made.status, planOf(made)]).toEqual([201, undefined]);
  expect((await call('DELETE', '/pools/b?dryRun=false')).status).toBe(204);
  expect((await call('GET', '/pools/b')).status).toBe(404);
});

describe('The response to a dry run', () => {
  test('A dry run returns the resulting pool in the requested view', async () => {
    const { call } = await withPool();
    const put = await call('PUT', '/pools/a?dryRun=true', {
      json: { capacitySpec: capacity(0, 9), template: template('new:1'), annotations: { n: 'x' } },
    });
    expect(put.body).toMatchObject({
      name: 'a',
      generation: 2,
      capacitySpec: capacity(0, 9),
      template: template('new:1'),
      labels: { x: 'y' },
      annotations: { n: 'x' },
    });
    const patch = await call('PATCH', '/pools/a?dryRun=true&view=basic', { json: { labels: { x: null } } });
    expect(patch.body).toMatchObject({ generation: 1, plan: {} });
    for (const field of ['labels', 'template']) expect(patch.body).not.toHaveProperty(field);
    const created = await call('POST', '/pools?dryRun=true', { json: poolNamed('b', { labels: { of: 'b' } }) });
    expect(created.body).toMatchObject({ name: 'b', labels: { of: 'b' }, generation: 1 });
  });

  test('A dry run of a DELETE returns the current pool', async () => {
    const { call } = await withPool();
    const { body } = await call('GET', '/pools/a');
    const answer = await call('DELETE', '/pools/a?dryRun=true');
    expect(answer.body).toEqual({ ...(body as object), plan: planOf(answer) });
  });
});

describe('The plan', () => {
  test('The plan of a new pool starts bufferMin members, within maxUnavailable', async () => {
    const { call } = await withPool();
    const plan = async (more: object) =>
      planOf(
        await call('POST', '/pools?dryRun=true', { json: poolNamed('b', { capacitySpec: capacity(2, 4), ...more }) }),
      );
    expect(await plan({ scaleStrategy: { maxUnavailable: '100%' } })).toEqual({
      observed: { total: 0, allocated: 0, available: 0, starting: 0, unmet: 0 },
      desired: 2,
      create: 2,
      remove: [],
      reasons: [{ code: 'BufferMin', message: 'Wants 2: buffer 2 (bufferMin).' }],
      sentence: 'Wants 2: buffer 2 (bufferMin). Has 0, creating 2.',
    });
    expect(await plan({ scaleStrategy: { maxUnavailable: 1 } })).toMatchObject({
      create: 1,
      reasons: [{ code: 'BufferMin' }, { code: 'MaxUnavailable' }],
    });
  });

  test('The plan of a smaller pool names the members to remove', async () => {
    const { call, members } = await withPool(capacity(3, 3));
    const plan = planOf(await call('PATCH', '/pools/a?dryRun=true', { json: { capacitySpec: capacity(1, 1) } }));
    expect(plan).toMatchObject({ desired: 1, create: 0, reasons: [{ code: 'BufferMax' }] });
    expect(plan?.remove).toHaveLength(2);
    expect(await members()).toEqual(expect.arrayContaining(plan?.remove ?? []));
  });

  test('The plan of a changed template is a rolling update within maxUnavailable', async () => {
    const { call, members } = await withPool(capacity(3, 3));
    const plan = planOf(
      await call('PUT', '/pools/a?dryRun=true', {
        json: { capacitySpec: capacity(3, 3), template: template('new:1') },
      }),
    );
    expect(plan).toMatchObject({ desired: 3, create: 1, remove: [expect.any(String)] });
    expect(plan?.reasons).toContainEqual({ code: 'RollingOut', message: 'Replacing 1 of 3 stale members.' });
    expect(await members()).toContain(plan?.remove[0]);
  });

  test('The plan of a change that needs no step has the reason AtRest', async () => {
    const { call } = await withPool(capacity(1, 2));
    const plan = planOf(await call('PATCH', '/pools/a?dryRun=true', { json: { labels: { z: 'x' } } }));
    expect(plan).toMatchObject({ create: 0, remove: [], reasons: [{ code: 'WithinBuffer' }, { code: 'AtRest' }] });
  });

  test('The plan of a DELETE names every member', async () => {
    const { call, members } = await withPool(capacity(3, 3));
    expect(planOf(await call('DELETE', '/pools/a?dryRun=true'))).toMatchObject({
      desired: 0,
      create: 0,
      remove: await members(),
      reasons: [{ code: 'PoolDeleted' }],
      sentence: 'The pool is deleted: removing 3 members.',
    });
  });

  test('The write carries out the plan of its dry run', async () => {
    const { call } = await withPool(capacity(3, 3));
    const json = { capacitySpec: capacity(0, 0) };
    const plan = planOf(await call('PATCH', '/pools/a?dryRun=true', { json }));
    await call('PATCH', '/pools/a', { json });
    const first = async () => {
      const { items } = (await call('GET', '/pools/a/decisions')).body as { items: { generation: number }[] };
      return items.findLast(({ generation }) => generation === 2);
    };
    await expect.poll(first).toMatchObject({ ...plan });
  });
});

describe('A dry run of a request that is refused', () => {
  test.each([
    ['a body that breaks the contract', 'POST', '/pools', { name: 'b' }, {}, 422, 'REQUEST::INVALID'],
    ['an invalid patched pool', 'PATCH', '/pools/a', { capacitySpec: { bufferMin: 9 } }, {}, 422, 'REQUEST::INVALID'],
    ['a missing pool', 'PATCH', '/pools/none', {}, {}, 404, 'KUBERNETES::POOL_NOT_FOUND'],
    ['a missing pool', 'DELETE', '/pools/none', undefined, {}, 404, 'KUBERNETES::POOL_NOT_FOUND'],
    ['a name that exists', 'POST', '/pools', poolNamed('a'), {}, 409, 'KUBERNETES::POOL_ALREADY_EXISTS'],
    [
      'an outdated ETag',
      'PUT',
      '/pools/a',
      { capacitySpec: capacity() },
      { 'If-Match': '"x"' },
      412,
      'POOL::VERSION_CONFLICT',
    ],
    ['an outdated ETag', 'PATCH', '/pools/a', {}, { 'If-Match': '"x"' }, 412, 'POOL::VERSION_CONFLICT'],
    ['an outdated ETag', 'DELETE', '/pools/a', undefined, { 'If-Match': '"x"' }, 412, 'POOL::VERSION_CONFLICT'],
  ] as const)(
    'A dry run with %s is refused as the write is: %s %s',
    async (_what, method, route, json, headers, status, code) => {
      const { call, traces } = await withPool();
      const before = await traces();
      expect(await call(method, `${route}?dryRun=true`, { json, headers })).toMatchObject({ status, body: { code } });
      expect(await traces()).toEqual(before);
    },
  );

  test.each(['', 'maybe', 'TRUE', '1'])('A write with dryRun=%s is refused, and nothing is written', async (value) => {
    const { call } = await withPool();
    for (const [method, route, json] of [
      ['POST', '/pools', poolNamed('b')],
      ['DELETE', '/pools/a', undefined],
    ] as const)
      expect(await call(method, `${route}?dryRun=${value}`, { json })).toMatchObject({
        status: 422,
        body: { errors: [{ path: ['query', 'dryRun'], message: 'must be true or false' }] },
      });
    expect((await call('GET', '/pools')).body).toMatchObject({ items: [{ name: 'a' }] });
  });
});

describe('Dry runs over tRPC', () => {
  test.each([
    ['create', poolNamed('b', { capacitySpec: capacity(1, 1) }), { create: 1 }],
    ['update', { name: 'a', capacitySpec: capacity(1, 1) }, { create: 1 }],
    ['patch', { name: 'a', capacitySpec: capacity(1, 1) }, { create: 1 }],
    ['delete', { name: 'a' }, { reasons: [{ code: 'PoolDeleted' }] }],
  ])('Over tRPC, a dry run of %s returns the plan', async (operation, input, plan) => {
    const { call, traces } = await withPool();
    const before = await traces();
    const answer = await call('POST', `/trpc/pools.${operation}`, { json: { ...input, dryRun: true } });
    expect(answer).toMatchObject({ status: 200, body: { result: { data: { name: input.name, plan } } } });
    const refused = await call('POST', `/trpc/pools.${operation}`, { json: { ...input, dryRun: 'true' } });
    expect(refused.body).toMatchObject({ error: { data: { errors: [{ path: ['dryRun'] }] } } });
    expect(await traces()).toEqual(before);
  });
});
