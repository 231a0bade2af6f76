// Writers that race with one ETag while the status keeps changing.
import { expect, test } from 'vitest';
import type { PoolResponse } from '../../../src/contract/pool.ts';
import { capacity, poolNamed, template } from '../../support/pools.ts';
import { startTestServer } from '../../support/test-server.ts';

test('Of four writers with one ETag exactly one succeeds, at least 60 times over, while members start and stop', async () => {
  const { call } = await startTestServer();
  await call('POST', '/pools', { json: poolNamed('a', { capacitySpec: capacity(2, 2, 0, 9) }) });
  const get = async () => (await call('GET', '/pools/a')).body as PoolResponse;
  const statuses = new Set<string>();
  // A status is written at most ten times a second: on a fast machine 60 rounds see only a few.
  for (let round = 0; round < 60 || statuses.size < 4; round++) {
    const { etag, status } = await get();
    statuses.add(JSON.stringify([status?.total, status?.available]));
    // Another size each time, so that a member is always starting or stopping.
    const patches = [0, 1, 2, 3].map((writer) => {
      const size = ((round * 3 + writer) % 8) + 1;
      return { capacitySpec: capacity(size, size, 0, 9), template: template(`image:${round}-${writer}`) };
    });
    const answers = await Promise.all(
      patches.map((json) => call('PATCH', '/pools/a', { json, headers: { 'If-Match': etag } })),
    );
    expect(answers.map(({ status: code }) => code).sort()).toEqual([200, 412, 412, 412]);
    const won = answers.findIndex(({ status: code }) => code === 200);
    expect(await get()).toMatchObject({ generation: round + 2, ...patches[won] });
  }
});
