// Claims where another controller manages the members.
import { expect, test } from 'vitest';
import type { ClaimService } from '../../../src/services/claims/claim-service.ts';
import { openPlainCluster } from './plain-cluster.ts';

const calls: readonly (readonly [string, (claims: ClaimService) => Promise<unknown>])[] = [
  ['create', async (claims) => claims.create('a', {})],
  ['list', async (claims) => claims.list({})],
  ['get', async (claims) => claims.get('c')],
  ['renew', async (claims) => claims.renew('c')],
  ['release', async (claims) => claims.release('c')],
  ['evict', async (claims) => claims.evict('a', 'm')],
];

test.each(calls)(
  'Where another controller decides, %s is refused without a call to the cluster',
  async (_name, call) => {
    const { claims, requests } = await openPlainCluster(() => undefined);
    const before = requests.length;
    await expect(call(claims)).rejects.toMatchObject({ code: 'RUNTIME::NOT_SUPPORTED', status: 501 });
    expect(requests).toHaveLength(before);
  },
);
