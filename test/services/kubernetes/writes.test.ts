// What a write responds with when the API server and the cache disagree. The server is on the loopback.
import { expect, test } from 'vitest';
import { capacity, template } from '../../support/pools.ts';
import { openPlainCluster, statusOf, STORED } from './plain-cluster.ts';

const given = { template: template(), capacitySpec: capacity() };
const retry = { key: 'k', caller: 'caller', options: {} };

test.each([
  ['was deleted meanwhile', statusOf(404, 'NotFound')],
  ['cannot be read', statusOf(429, 'TooManyRequests')],
])(
  'A create with an Idempotency-Key that conflicts with a pool that %s rejects with the conflict',
  async (_what, read) => {
    const { pools } = await openPlainCluster(({ method, path }) => {
      if (method === 'POST') return statusOf(409, 'AlreadyExists');
      return path.endsWith('/pools/a') ? read : undefined;
    });
    await expect(pools.create('a', given, { retry })).rejects.toMatchObject({
      code: 'KUBERNETES::POOL_ALREADY_EXISTS',
    });
  },
);

test.each([
  ['invalid JSON', '<html>', /expected JSON object\. The write may have been carried out\.$/],
  ['an unexpected object', { ...STORED, metadata: {} }, /\(metadata\.uid\)\. The write may have been carried out\.$/],
])(
  'After a successful write, the error for %s in the response says that it may have been carried out',
  async (_what, body, message) => {
    const { pools } = await openPlainCluster(({ method }) => (method === 'POST' ? { body } : undefined));
    await expect(pools.create('a', given)).rejects.toMatchObject({
      code: 'KUBERNETES::POOL_API_ERROR',
      message: expect.stringMatching(message) as string,
    });
  },
);

test('A write that is refused because of a pool that was just read does not read it again', async () => {
  const { pools, requests } = await openPlainCluster(({ path }) =>
    path.endsWith('/pools/a') ? { body: STORED } : undefined,
  );
  await expect(pools.update('a', given, { ifMatch: '"old"' })).rejects.toMatchObject({
    code: 'POOL::VERSION_CONFLICT',
  });
  expect(requests.filter(({ path }) => path.endsWith('/pools/a'))).toHaveLength(1);
});
