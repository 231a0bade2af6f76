// deploy/warmpool.yaml on a real API server.
import { fileURLToPath } from 'node:url';
import { expect, inject, onTestFinished, test } from 'vitest';
import { ClusterAccess } from './kit/cluster-access.ts';

const access = new ClusterAccess(inject('cluster'));
const MANIFEST = fileURLToPath(new URL('../../deploy/warmpool.yaml', import.meta.url));
const RESTRICTED = 'pod-security.kubernetes.io/enforce=restricted';
const SERVER = 'system:serviceaccount:warmpool:warmpool';

const apply = (...args: string[]) => access.kubectl('apply', '-f', MANIFEST, '--validate=strict', ...args);

test('The API server accepts deploy/warmpool.yaml with strict validation and the Pod Security Standard restricted, and its account can do what it has to', async () => {
  // A dry run does not create the namespace of the other objects.
  await access.kubectl('create', 'namespace', 'warmpool');
  onTestFinished(async () => {
    await access.kubectl('delete', 'namespace', 'warmpool', '--wait=false');
  });
  await access.kubectl('label', 'namespace', 'warmpool', RESTRICTED, 'pod-security.kubernetes.io/warn=restricted');
  const checked = await apply('--dry-run=server', '--server-side', '--force-conflicts');
  expect(checked.trim().split('\n')).toHaveLength(8);
  await apply();
  const pod = await access.kubectl(
    'get',
    'deployment',
    'warmpool',
    '-n',
    'warmpool',
    '-o',
    'jsonpath={.spec.template}',
  );
  const { metadata, spec } = JSON.parse(pod) as { metadata: object; spec: object };
  const template = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'warmpool' }, spec };
  await access.apply(template, '-n', 'warmpool', '--dry-run=server');

  const mayI = (verb: string, resource: string, namespace = 'warmpool') =>
    access.kubectl('auth', 'can-i', verb, resource, `--as=${SERVER}`, '-n', namespace).then(
      () => true,
      () => false,
    );
  await expect.poll(() => mayI('patch', 'pools.sandbox.opensandbox.io/status')).toBe(true);
  expect(await mayI('create', 'pods/exec')).toBe(true);
  expect(await mayI('update', 'leases.coordination.k8s.io')).toBe(true);
  expect(await mayI('get', 'secrets')).toBe(false);
  expect(await mayI('list', 'pods', 'default')).toBe(false);
});
