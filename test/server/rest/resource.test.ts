// PUT, PATCH and DELETE, and which fields of a pool are stored, returned and kept.
import { describe, expect, test } from 'vitest';
import { capacity, poolNamed, template } from '../../support/pools.ts';
import { startTestServer } from '../../support/test-server.ts';

type Pool = Record<string, unknown> & { generation: number; resourceVersion: string; uid: string };

const full = {
  ...poolNamed('a'),
  labels: { team: 'search', 'example.com/tier': '' },
  annotations: { note: 'any text: ü\n' },
  scaleStrategy: { maxUnavailable: '50%' },
  updateStrategy: { maxUnavailable: 2 },
  recycleStrategy: { type: 'Noop' },
};

const withPool = async (pool: object = full) => {
  const { call } = await startTestServer();
  const created = await call('POST', '/pools', { json: pool });
  const get = async () => (await call('GET', '/pools/a')).body as Pool;
  return { call, get, created: created.body as Pool };
};

describe('A new pool', () => {
  test('A new pool has everything that was given, an identity and generation 1', async () => {
    const { created } = await withPool();
    expect(created).toMatchObject({ ...full, generation: 1 });
    expect(created.uid).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('A new pool omits fields that were not given or are empty', async () => {
    const { created } = await withPool(
      poolNamed('a', { labels: {}, annotations: {}, scaleStrategy: {}, recycleStrategy: {} }),
    );
    expect(Object.keys(created).sort()).toEqual(
      ['capacitySpec', 'createdAt', 'etag', 'generation', 'name', 'resourceVersion', 'template', 'uid'].sort(),
    );
  });
});

describe('Null in the body of POST and PUT', () => {
  const NULLS = { labels: null, annotations: null, scaleStrategy: null, updateStrategy: null, recycleStrategy: null };

  test('null for an optional field of a new pool is treated as absent', async () => {
    const { created } = await withPool({ ...poolNamed('a'), ...NULLS });
    for (const field of Object.keys(NULLS)) expect(created).not.toHaveProperty(field);
  });

  test('null for an optional field in PUT keeps the stored value', async () => {
    const { call } = await withPool();
    const json = { capacitySpec: capacity(0, 1), template: null, ...NULLS };
    expect((await call('PUT', '/pools/a', { json })).body).toMatchObject({ ...full, capacitySpec: capacity(0, 1) });
  });

  test('null for an optional field is treated as absent over tRPC as well', async () => {
    const { call } = await withPool({ ...poolNamed('b'), labels: { team: 'search' } });
    const created = await call('POST', '/trpc/pools.create', { json: { ...poolNamed('a'), ...NULLS } });
    expect(created.body).toMatchObject({ result: { data: { name: 'a' } } });
    const json = { name: 'b', capacitySpec: capacity(0, 1), ...NULLS };
    const updated = await call('POST', '/trpc/pools.update', { json });
    expect(updated.body).toMatchObject({ result: { data: { labels: { team: 'search' } } } });
  });

  test('null for a required field or for a field of a strategy is refused', async () => {
    const { call } = await withPool();
    const required = await call('POST', '/pools', { json: { name: null, template: null, capacitySpec: null } });
    expect(required.body).toMatchObject({
      errors: [{ path: ['name'] }, { path: ['template'] }, { path: ['capacitySpec'] }],
    });
    const json = { capacitySpec: capacity(), scaleStrategy: { maxUnavailable: null } };
    expect((await call('PUT', '/pools/a', { json })).body).toMatchObject({
      errors: [{ path: ['scaleStrategy', 'maxUnavailable'] }],
    });
  });
});

describe('Views', () => {
  test('A list omits templates and a single pool includes its template, unless view says otherwise', async () => {
    const { call } = await withPool();
    const templateIn = async (route: string) => JSON.stringify((await call('GET', route)).body).includes('busybox');
    expect(await templateIn('/pools')).toBe(false);
    expect(await templateIn('/pools?view=full')).toBe(true);
    expect(await templateIn('/pools/a')).toBe(true);
    expect(await templateIn('/pools/a?view=basic')).toBe(false);
    const put = await call('PUT', '/pools/a?view=basic', { json: { capacitySpec: capacity() } });
    expect(put.body).not.toHaveProperty('template');
  });
});

describe('PUT', () => {
  test('PUT accepts what GET returned, and changes nothing', async () => {
    const { call, get } = await withPool();
    await expect.poll(get).toHaveProperty('status.observedGeneration', 1);
    const before = await get();
    const answer = await call('PUT', '/pools/a', {
      json: { ...before, etag: '"x"', deletingSince: null, uid: 'other' },
    });
    expect(answer.body).toEqual(before);
  });

  test('PUT replaces each given field entirely and keeps the others', async () => {
    const { call, get } = await withPool();
    const change = { capacitySpec: capacity(0, 1), labels: { only: 'this' }, updateStrategy: {} };
    await call('PUT', '/pools/a', { json: change });
    const after = await get();
    const { updateStrategy: _, ...kept } = { ...full, ...change };
    expect(after).toMatchObject(kept);
    expect(after.labels).toEqual({ only: 'this' });
    expect(after).not.toHaveProperty('updateStrategy');
  });

  test('PUT without a capacity is refused with 422', async () => {
    const { call } = await withPool();
    const answer = await call('PUT', '/pools/a', { json: { labels: {} } });
    expect(answer.body).toMatchObject({ errors: [{ path: ['capacitySpec'], message: 'is required' }] });
  });

  test('PUT of the same template with its keys in another order changes nothing', async () => {
    const { call, created } = await withPool();
    const reordered = { spec: { containers: [{ image: 'busybox:1', name: 'sandbox' }] } };
    const answer = await call('PUT', '/pools/a', { json: { capacitySpec: full.capacitySpec, template: reordered } });
    expect(answer.body).toMatchObject({ generation: created.generation });
  });

  test('PUT increments the generation, except for labels and annotations', async () => {
    const { call } = await withPool();
    const generationAfter = async (change: object) =>
      ((await call('PUT', '/pools/a', { json: { capacitySpec: full.capacitySpec, ...change } })).body as Pool)
        .generation;
    expect(await generationAfter({ labels: { x: 'y' }, annotations: {} })).toBe(1);
    expect(await generationAfter({ template: template('other:1') })).toBe(2);
    expect(await generationAfter({ recycleStrategy: { type: 'Delete' } })).toBe(3);
    expect(await generationAfter({ capacitySpec: capacity(0, 2) })).toBe(4);
  });
});

describe('PATCH', () => {
  test.each(['application/merge-patch+json', 'application/json'])('PATCH merges %s into the pool', async (type) => {
    const { call, get } = await withPool();
    const patch = {
      capacitySpec: { bufferMax: 7 },
      labels: { team: null, new: 'x' },
      template: { spec: { hostname: 'h' } },
    };
    const answer = await call('PATCH', '/pools/a', { json: patch, headers: { 'Content-Type': type } });
    expect(answer.status).toBe(200);
    const after = await get();
    expect(after).toMatchObject({
      capacitySpec: { ...full.capacitySpec, bufferMax: 7 },
      labels: { 'example.com/tier': '', new: 'x' },
      template: { spec: { hostname: 'h', ...template().spec } },
    });
    expect(after.labels).not.toHaveProperty('team');
  });

  test('null in a PATCH removes a field, and is refused for a required one', async () => {
    const { call, get } = await withPool();
    await call('PATCH', '/pools/a', {
      json: { labels: null, scaleStrategy: null, updateStrategy: { maxUnavailable: null } },
    });
    const after = await get();
    for (const field of ['labels', 'scaleStrategy', 'updateStrategy']) expect(after).not.toHaveProperty(field);
    const refused = await call('PATCH', '/pools/a', {
      json: { capacitySpec: { poolMin: null }, template: null, annotations: null },
    });
    expect(refused.body).toMatchObject({ errors: [{ path: ['template'] }, { path: ['capacitySpec', 'poolMin'] }] });
    expect(await get()).toMatchObject({ annotations: full.annotations });
  });

  test('A patched pool is validated as a whole', async () => {
    const { call } = await withPool();
    const answer = await call('PATCH', '/pools/a', {
      json: { capacitySpec: { bufferMin: 5 }, template: { spec: { containers: [] } } },
    });
    expect(answer.body).toMatchObject({
      errors: [{ path: ['template', 'spec', 'containers'] }, { path: ['capacitySpec', 'bufferMin'] }],
    });
  });

  test('PATCH refuses every field that it does not support, even if its value is null', async () => {
    const { call } = await withPool();
    const answer = await call('PATCH', '/pools/a', {
      json: {
        capacitySpec: { bufferMox: null },
        status: {},
        labels: { 'a b': null },
        annotations: { 'warmpool.dev/x': null },
      },
    });
    expect((answer.body as { errors: { path: unknown }[] }).errors.map(({ path }) => path)).toEqual([
      ['status'],
      ['capacitySpec', 'bufferMox'],
      ['labels', 'a b'],
      ['annotations', 'warmpool.dev/x'],
    ]);
  });

  test('An empty patch changes nothing', async () => {
    const { call, get } = await withPool();
    await expect.poll(get).toHaveProperty('status.observedGeneration', 1);
    const before = await get();
    expect((await call('PATCH', '/pools/a', { json: {} })).body).toEqual(before);
  });
});

describe('Racing writers', () => {
  test('Concurrent patches of different labels are all applied', async () => {
    const { call, get } = await withPool();
    const names = Array.from({ length: 40 }, (_, index) => `label-${index}`);
    await Promise.all(names.map((name) => call('PATCH', '/pools/a', { json: { labels: { [name]: 'x' } } })));
    expect(Object.keys((await get()).labels as object)).toEqual(expect.arrayContaining(names));
  });

  test('Of many concurrent creates of one name exactly one succeeds', async () => {
    const { call } = await startTestServer();
    const answers = await Promise.all(Array.from({ length: 30 }, () => call('POST', '/pools', { json: full })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(29);
  });
});
