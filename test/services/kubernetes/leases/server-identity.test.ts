// The identity of a server, in a pod and outside.
import { expect, test } from 'vitest';
import { ownPod, serverIdentity } from '../../../../src/services/kubernetes/leases/server-identity.ts';

const POD = { POD_NAME: 'warmpool-0', POD_UID: 'u-1' };

test('A pod is the same server after each restart of its container', () => {
  expect(serverIdentity(POD)).toBe('warmpool-0_u-1');
});

test.each([{}, { POD_NAME: 'warmpool-0' }, { POD_NAME: '', POD_UID: 'u-1' }])(
  'Outside a pod (%j), every start is another server',
  (env) => {
    expect(serverIdentity(env)).toMatch(/^.+_[a-z0-9]{8}$/);
    expect(serverIdentity(env)).not.toBe(serverIdentity(env));
  },
);

test('A pod owns what it creates in its own namespace only: elsewhere Kubernetes would delete it', () => {
  const env = { ...POD, POD_NAMESPACE: 'pools' };
  expect(ownPod(env, 'pools')).toEqual({ name: 'warmpool-0', uid: 'u-1' });
  expect([ownPod(env, 'other'), ownPod(POD, 'pools'), ownPod({ POD_NAMESPACE: 'pools' }, 'pools')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
