// A credential plugin that hangs: calls end anyway, and so does the runtime.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { openKubernetesRuntime } from '../../../src/services/kubernetes/kubernetes-runtime.ts';
import { PoolService } from '../../../src/services/pools/pool-service.ts';
import { template, capacity } from '../../support/pools.ts';
import { silentObserver } from '../../support/silent-observer.ts';
import { temporaryFolder } from '../../support/test-server.ts';

test('A credential plugin that hangs delays a write by at most 5 s, and does not delay shutdown', async () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: '/bin/sleep', args: ['60'] };
  const kubeconfigPath = path.join(temporaryFolder(), 'config');
  const kubeconfig = {
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:9' } }],
    users: [{ name: 'u', user: { exec } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfigPath, JSON.stringify(kubeconfig));
  const runtime = openKubernetesRuntime({
    controller: 'opensandbox',
    kubeconfigPaths: [kubeconfigPath],
    clock: systemClock,
    observer: silentObserver,
  });
  const write = new PoolService(runtime.ports).create('a', { template: template(), capacitySpec: capacity() });
  await expect(write).rejects.toMatchObject({ code: 'KUBERNETES::TIMEOUT' });
  await runtime.close();
});
