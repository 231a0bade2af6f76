// The Kubernetes runtime on a server on the loopback that responds as a test says.
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { ClaimService } from '../../../src/services/claims/claim-service.ts';
import { openKubernetesRuntime } from '../../../src/services/kubernetes/kubernetes-runtime.ts';
import { PoolService } from '../../../src/services/pools/pool-service.ts';
import { capacity } from '../../support/pools.ts';
import { silentObserver } from '../../support/silent-observer.ts';
import { startPlainApiServer } from './connection/api-server.ts';
import { KubeconfigFolder } from './connection/kubeconfig-folder.ts';

type PlainRequest = { readonly method: string; readonly path: string; readonly isWatch: boolean };
type PlainResponse = { readonly status?: number; readonly body: object | string };

/** The Pool custom resource "a" as an API server stores it. */
export const STORED = {
  metadata: {
    uid: 'u',
    name: 'a',
    resourceVersion: '2',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  spec: { capacitySpec: capacity() },
};

/** A Status as an API server sends it with an error. */
export const statusOf = (status: number, reason: string) => ({
  status,
  body: { kind: 'Status', reason, details: { name: 'a', kind: 'pools' } },
});

/** Where the test has no response, lists are empty, and a watch sends nothing. */
export const openPlainCluster = async (respond: (request: PlainRequest) => PlainResponse | undefined) => {
  const requests: PlainRequest[] = [];
  const api = await startPlainApiServer(({ method, path }) => {
    const url = new URL(path, 'http://localhost');
    const request = { method, path: url.pathname, isWatch: url.searchParams.has('watch') };
    requests.push(request);
    const response = respond(request);
    if (response === undefined && request.isWatch) return undefined;
    const { status, body } = response ?? { body: { items: [], metadata: { resourceVersion: '1' } } };
    return { ...(status !== undefined && { status }), body: typeof body === 'string' ? body : JSON.stringify(body) };
  });
  const folder = new KubeconfigFolder();
  const kubeconfigPaths = [folder.writeKubeconfig({ server: api.url })];
  const runtime = openKubernetesRuntime({
    controller: 'opensandbox',
    kubeconfigPaths,
    clock: systemClock,
    observer: silentObserver,
  });
  onTestFinished(() => runtime.close());
  await runtime.ports.store.waitForSync();
  return { pools: new PoolService(runtime.ports), claims: new ClaimService(runtime.ports), requests };
};
