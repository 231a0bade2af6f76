// Claims over HTTP: created, read, renewed, released; their members evicted.
import { describe, expect, test } from 'vitest';
import type { Claim, ClaimList } from '../../../src/contract/claim.ts';
import type { MemberList } from '../../../src/contract/member.ts';
import { capacity, poolNamed } from '../../support/pools.ts';
import { startTestServer } from '../../support/test-server.ts';

/** A server with the pool "a" and its ready members. */
const startWithPool = async (size = 2) => {
  const server = await startTestServer();
  const { call } = server;
  await call('POST', '/pools', { json: poolNamed('a', { capacitySpec: capacity(size, size, 0, size) }) });
  const members = async () => ((await call('GET', '/v1/pools/a/members')).body as MemberList).items;
  await expect.poll(async () => (await members()).filter(({ phase }) => phase === 'ready')).toHaveLength(size);
  const create = async (json?: object, headers: Record<string, string> = {}) =>
    call('POST', '/v1/pools/a/claims', { json, headers });
  const claim = async (json?: object) => {
    const created = (await create(json)).body as Claim;
    // The next claim is then created at a later millisecond: those of the same one are ordered by id.
    await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(Date.parse(created.createdAt));
    return created;
  };
  const list = async (query = '') => (await call('GET', `/v1/claims${query}`)).body as ClaimList;
  return { ...server, members, create, claim, list };
};

const idsIn = ({ items }: ClaimList) => items.map(({ id }) => id);
const later = (time: string, seconds: number) => new Date(Date.parse(time) + seconds * 1_000).toISOString();

describe('a claim', () => {
  test('A claim without a body holds a ready member for an hour', async () => {
    const { call, create, members } = await startWithPool();
    const created = await create();
    const claim = created.body as Claim;
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/) as string,
        pool: 'a',
        state: 'bound',
        launch: 'warm',
        ttlSeconds: 3_600,
        expiresAt: later(claim.boundAt, 3_600),
      },
    });
    expect(created.headers.get('Location')).toBe(`/v1/claims/${claim.id}`);
    expect(created.headers.has('ETag')).toBe(false);
    expect((await call('GET', `/v1/claims/${claim.id}`)).body).toEqual(claim);
    const held = (await members()).filter(({ allocated }) => allocated);
    expect(held).toMatchObject([{ name: claim.member.name, claimId: claim.id }]);
  });

  test('Two claims hold two members, and a third one is refused with the time to wait', async () => {
    const { create } = await startWithPool();
    const claims = [(await create()).body as Claim, (await create()).body as Claim];
    expect(new Set(claims.map(({ member }) => member.name)).size).toBe(2);
    const refused = await create();
    expect(refused).toMatchObject({ status: 429, body: { code: 'KUBERNETES::POOL_CAPACITY_EXHAUSTED' } });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
  });

  test('The same refusal over tRPC has the same header', async () => {
    const { call, claim } = await startWithPool(1);
    await claim();
    const refused = await call('POST', '/trpc/claims.create', { json: { name: 'a' } });
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { data: { code: 'KUBERNETES::POOL_CAPACITY_EXHAUSTED', httpStatus: 429 } } },
    });
    expect(refused.headers.get('Retry-After')).toMatch(/^\d+$/);
  });

  test('A claim of a pool that does not exist is refused with 404', async () => {
    const { call } = await startTestServer();
    for (const method of ['POST', 'GET'])
      expect((await call(method, '/v1/pools/none/claims')).body).toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
  });

  test.each([
    ['GET', '/v1/claims/none'],
    ['POST', '/v1/claims/none/renew'],
    ['DELETE', '/v1/claims/none'],
  ])('%s %s is refused with 404', async (method, route) => {
    const { call } = await startTestServer();
    expect((await call(method, route)).body).toMatchObject({ code: 'CLAIM::NOT_FOUND' });
  });
});

describe('renewing', () => {
  test('A renewal counts from now, by default for the duration of the claim, and may shorten it', async () => {
    const { call, claim } = await startWithPool();
    const { id, expiresAt } = await claim({ ttlSeconds: 600 });
    const renewed = (await call('POST', `/v1/claims/${id}/renew`)).body as Claim;
    expect(renewed).toMatchObject({ id, ttlSeconds: 600, state: 'bound' });
    expect(renewed.expiresAt >= expiresAt).toBe(true);
    const shortened = await call('POST', `/v1/claims/${id}/renew`, { json: { ttlSeconds: 10 } });
    expect(shortened).toMatchObject({ status: 200, body: { ttlSeconds: 10 } });
    expect((shortened.body as Claim).expiresAt < expiresAt).toBe(true);
  });

  test('Renewing a claim that has ended is refused and says how it ended', async () => {
    const { call, claim } = await startWithPool();
    const { id } = await claim();
    await call('DELETE', `/v1/claims/${id}`);
    const refused = await call('POST', `/v1/claims/${id}/renew`);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'CLAIM::ENDED', message: expect.stringContaining('released') as string },
    });
  });
});

describe('releasing', () => {
  test('A released claim has ended, and releasing it again does nothing', async () => {
    const { call, claim } = await startWithPool();
    const { id } = await claim();
    for (const _again of [1, 2]) {
      const released = await call('DELETE', `/v1/claims/${id}`);
      expect([released.status, released.text]).toEqual([204, '']);
    }
    expect((await call('GET', `/v1/claims/${id}`)).body).toMatchObject({
      state: 'released',
      endedAt: expect.any(String) as string,
    });
  });
});

describe('lists', () => {
  test('A list has the live claims in the order of their creation, with state=all also those that have ended', async () => {
    const { call, claim, list } = await startWithPool(3);
    const ids = [(await claim()).id, (await claim()).id, (await claim()).id];
    expect(idsIn(await list())).toEqual(ids);
    await call('DELETE', `/v1/claims/${ids[1]}`);
    expect(idsIn(await list())).toEqual([ids[0], ids[2]]);
    expect(idsIn(await list('?state=bound'))).toEqual([ids[0], ids[2]]);
    expect(idsIn(await list('?state=all'))).toEqual(ids);
    expect(idsIn((await call('GET', '/v1/pools/a/claims?state=all')).body as ClaimList)).toEqual(ids);
  });

  test('The list of a pool has no claims of other pools', async () => {
    const { call, claim } = await startWithPool();
    await call('POST', '/pools', { json: poolNamed('b') });
    await claim();
    expect((await call('GET', '/v1/pools/b/claims')).body).toEqual({ items: [] });
    const input = encodeURIComponent('{"name":"b"}');
    expect((await call('GET', `/trpc/claims.list?input=${input}`)).body).toEqual({ result: { data: { items: [] } } });
    expect((await call('GET', '/trpc/claims.list')).body).toMatchObject({
      result: { data: { items: [{ pool: 'a' }] } },
    });
  });

  test('Pages lead to the last claim, and a token of another list is refused', async () => {
    const { call, claim, list } = await startWithPool(3);
    const ids = [];
    for (const job of ['x', 'y', 'x']) ids.push((await claim({ labels: { job } })).id);
    const first = await list('?limit=2');
    expect([idsIn(first), first.remainingItemCount]).toEqual([ids.slice(0, 2), 1]);
    const token = encodeURIComponent(first.continue ?? '');
    const last = await list(`?limit=2&continue=${token}`);
    expect(idsIn(last)).toEqual(ids.slice(2));
    expect(Object.keys(last)).toEqual(['items']);
    expect(idsIn(await list('?labelSelector=job%3Dx'))).toEqual([ids[0], ids[2]]);
    for (const route of [`/v1/claims?labelSelector=job&continue=${token}`, '/v1/claims?continue=zzz'])
      expect(await call('GET', route)).toMatchObject({
        status: 422,
        body: { errors: [{ path: ['query', 'continue'] }] },
      });
  });
});

describe('a repeated request', () => {
  const headers = { 'Idempotency-Key': 'k' };

  test('A request with the same key and body receives the same claim, over REST and tRPC', async () => {
    const { call, create } = await startWithPool();
    const created = await create({ ttlSeconds: 60 }, headers);
    expect(created.headers.has('Idempotency-Replayed')).toBe(false);
    const repeated = await create({ ttlSeconds: 60, waitSeconds: 5 }, headers);
    expect(repeated).toMatchObject({ status: 201, body: created.body });
    expect(repeated.headers.get('Idempotency-Replayed')).toBe('true');
    const json = { name: 'a', ttlSeconds: 60, idempotencyKey: 'k' };
    const trpc = await call('POST', '/trpc/claims.create', { json });
    expect(trpc.body).toEqual({ result: { data: created.body } });
    expect(trpc.headers.get('Idempotency-Replayed')).toBe('true');
  });

  test('A request with the same key and another body, or for another pool, is refused', async () => {
    const { call, create } = await startWithPool();
    await call('POST', '/pools', { json: poolNamed('b') });
    await create({ ttlSeconds: 60 }, headers);
    const expected = { status: 422, body: { code: 'IDEMPOTENCY::KEY_REUSED' } };
    expect(await create({ ttlSeconds: 61 }, headers)).toMatchObject(expected);
    expect(await call('POST', '/v1/pools/b/claims', { json: { ttlSeconds: 60 }, headers })).toMatchObject(expected);
  });
});

describe('evicting', () => {
  test('An evicted member is replaced', async () => {
    const { call, members } = await startWithPool(1);
    const [{ name } = { name: '' }] = await members();
    expect((await call('DELETE', `/v1/pools/a/members/${name}`)).status).toBe(204);
    await expect
      .poll(async () =>
        (await members()).filter(({ phase }) => phase === 'ready').map((member) => member.name === name),
      )
      .toEqual([false]);
  });

  test('A member that a claim holds is evicted only with force, and its claim is then lost', async () => {
    const { call, claim } = await startWithPool();
    const { id, member } = await claim();
    const route = `/v1/pools/a/members/${member.name}`;
    expect(await call('DELETE', route)).toMatchObject({ status: 409, body: { code: 'MEMBER::IN_USE' } });
    expect((await call('DELETE', `${route}?force=true`)).status).toBe(204);
    await expect
      .poll(async () => (await call('GET', `/v1/claims/${id}`)).body)
      .toMatchObject({ state: 'lost', reason: expect.any(String) as string });
  });

  test('A member that does not exist cannot be evicted', async () => {
    const { call } = await startWithPool(0);
    expect((await call('DELETE', '/v1/pools/a/members/none')).body).toMatchObject({ code: 'MEMBER::NOT_FOUND' });
    expect((await call('DELETE', '/v1/pools/b/members/none')).body).toMatchObject({
      code: 'KUBERNETES::POOL_NOT_FOUND',
    });
  });
});

test('The log has one audit line for each write of a claim, and none for a replay', async () => {
  const { call, create, claim, log } = await startWithPool();
  const headers = { 'Idempotency-Key': 'k' };
  const { id, member, poolUid: uid } = (await create({}, headers)).body as Claim;
  await create({}, headers);
  await call('POST', `/v1/claims/${id}/renew`);
  await call('DELETE', `/v1/claims/${id}`);
  const held = await claim();
  await call('DELETE', `/v1/pools/a/members/${held.member.name}?force=true`);
  const audit = log.filter(({ msg, operation }) => msg === 'audit' && operation !== 'pools.create');
  const one = { pool: 'a', uid, claim: id, member: member.name };
  expect(audit).toMatchObject([
    { operation: 'claims.create', ...one },
    { operation: 'claims.renew', ...one },
    { operation: 'claims.release', ...one },
    { operation: 'claims.create', claim: held.id },
    { operation: 'members.evict', pool: 'a', member: held.member.name },
  ]);
});
