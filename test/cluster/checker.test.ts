// The checker on a real API server: pods are patched as servers would, and as servers must not.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import type { CheckerOptions } from '../../src/services/kubernetes/check/claim-checker.ts';
import { ClusterChecker } from '../../src/services/kubernetes/check/cluster-checker.ts';
import { POD_VERSIONS } from '../../src/services/kubernetes/check/pod-version.ts';
import { formatMark, type ClaimMark } from '../../src/services/kubernetes/pods/claim-mark.ts';
import { CONTROLLER, POOL_UID } from '../../src/services/kubernetes/pods/pod-metadata.ts';
import { POOL_VERSIONS } from '../../src/services/kubernetes/check/pool-version.ts';
import { ResourceClient } from '../../src/services/kubernetes/resource/resource-client.ts';
import { ClusterConnection } from '../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../src/services/kubernetes/connection/kube-config.ts';
import { PoolCrd } from '../../src/services/kubernetes/crd/pool-crd.ts';
import { startTcpProxy } from './kit/tcp-proxy.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { READY } from './kit/pods.ts';
import { TestCluster } from './kit/test-cluster.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/server/main.ts');
const LEADER = 'warmpool-leader';
const IDLE_PATH = '/metadata/annotations/warmpool.dev~1idle';
const CLAIM_PATH = '/metadata/annotations/warmpool.dev~1claim';

const signal = () => AbortSignal.timeout(10_000);
const write = () => ({ signal: signal() });

type Options = CheckerOptions & {
  /** Recycle type of the pool. Default Noop. */
  type?: string;
  /** Address of the API server for the checker. */
  server?: string;
};

/** A namespace with one pool, and a checker that began before its first write. */
const begin = async (access: ClusterAccess, { type = 'Noop', server = access.url, ...options }: Options = {}) => {
  const namespace = await access.createNamespace();
  const connection = access.connect();
  const kubeconfigPaths = [access.kubeconfig('admin', { server })];
  const watching = new ClusterConnection(findCluster({ kubeconfigPaths }).kubeConfig);
  const checker = await ClusterChecker.start(watching, namespace, options);
  onTestFinished(async () => {
    await checker.stop();
    await watching.close();
    await connection.close();
  });
  const pods = new ResourceClient(connection, POD_VERSIONS, namespace);
  const pools = new ResourceClient(connection, POOL_VERSIONS, namespace);
  const spec = {
    capacitySpec: { bufferMin: 1, bufferMax: 2, poolMin: 0, poolMax: 4 },
    recycleStrategy: { type },
    template: { spec: { containers: [{ name: 'sandbox', image: 'busybox:1' }] } },
  };
  const metadata = { name: 'agents', annotations: { [CONTROLLER]: 'warmpool' } };
  const pool = await pools.create(
    { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool', metadata, spec },
    write(),
  );
  const poolUid = pool.metadata.uid;

  const start = async (name: string) => {
    const annotations = { [POOL_UID]: poolUid, 'warmpool.dev/idle': '0' };
    const pod = { containers: [{ name: 'sandbox', image: 'busybox:1' }], nodeName: 'node1' };
    await pods.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, annotations }, spec: pod }, write());
    await access.patchStatus(namespace, 'pod', name, READY);
  };
  const markOf = (claim: Partial<ClaimMark> & { id: string }) => {
    const now = new Date().toISOString();
    const times = { createdAt: now, boundAt: now, expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    return formatMark({ state: 'held', handedOut: 0, launch: 'warm', ttlSeconds: 3_600, ...times, ...claim });
  };
  const hold = (name: string, id: string) =>
    pods.patch(
      name,
      [
        { op: 'remove', path: IDLE_PATH },
        { op: 'add', path: CLAIM_PATH, value: markOf({ id }) },
      ],
      write(),
    );
  const replace = (name: string, claim: Partial<ClaimMark> & { id: string }) =>
    pods.patch(name, [{ op: 'add', path: CLAIM_PATH, value: markOf(claim) }], write());
  const idle = (name: string, number: number) =>
    pods.patch(
      name,
      [
        { op: 'remove', path: CLAIM_PATH },
        { op: 'add', path: IDLE_PATH, value: String(number) },
      ],
      write(),
    );
  const claimed = (claimId: string) => {
    const pod = claimId.slice(0, claimId.lastIndexOf('-'));
    checker.answered({ kind: 'claimed', claimId, pod, poolUid, at: Date.now() });
  };
  /** A claim from its bind to the next idle mark. */
  const use = async (name: string, id: string, number: number) => {
    await hold(name, id);
    claimed(id);
    await replace(name, { id, state: 'ended', end: 'released' });
    checker.answered({ kind: 'released', claimId: id, at: Date.now() });
    await idle(name, number);
  };
  const remove = (name: string) =>
    access.kubectl('delete', 'pod', name, '-n', namespace, '--grace-period=0', '--force', '--wait=true');
  /** The leader renews its Lease. */
  const renewLease = async () => {
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: LEADER },
      spec: { holderIdentity: 'server-1', renewTime: new Date().toISOString().replace('Z', '000Z') },
    };
    await access.apply(lease, '-n', namespace);
  };
  const promises = async () => (await checker.settle()).violations.map(({ promise }) => promise);
  return { namespace, checker, poolUid, start, hold, replace, idle, claimed, use, remove, renewLease, promises };
};

/** `warmpool check` as an operator runs it. */
const runCheck = (access: ClusterAccess, namespace: string, since: string) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const env = { HOME: access.description.folder, KUBECONFIG: access.kubeconfig('admin', { namespace }) };
    execFile(process.execPath, [MAIN, 'check', '--since', since], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });

describe('The checker on a real API server', () => {
  const access = new ClusterAccess(inject('cluster'));

  test('Claims that follow the protocol break no promise, and the pool is at rest afterwards', async () => {
    const { checker, start, use, hold, claimed, promises } = await begin(access);
    await start('a');
    await start('b');
    for (const number of [1, 2, 3]) await use('a', `a-claim${number}`, number);
    await hold('b', 'b-claim1');
    claimed('b-claim1');
    expect(await promises()).toEqual([]);
    expect(await checker.final()).toMatchObject({ violations: [], gaps: [], pods: 2, pools: 1, lost: 0 });
  });

  test('A mark that goes from one claim to another is found, with the manager that wrote it', async () => {
    const { checker, start, hold, replace } = await begin(access);
    await start('a');
    await hold('a', 'a-x');
    await replace('a', { id: 'a-y' });
    const { violations } = await checker.settle();
    expect(violations).toMatchObject([{ promise: 'one-holder', write: { manager: 'warmpool' } }]);
  });

  test('A claim that no pod has, and a release without an end, are found', async () => {
    const { checker, start, hold, claimed, promises } = await begin(access);
    await start('a');
    claimed('a-none');
    expect(await promises()).toEqual(['answers']);
    await hold('a', 'a-x');
    checker.answered({ kind: 'released', claimId: 'a-x', at: Date.now() });
    expect(await promises()).toEqual(['answers', 'answers']);
  });

  test('A pod that is held again under Delete, a held pod that is deleted, and pods above poolMax are found', async () => {
    const { start, use, hold, remove, promises } = await begin(access, { type: 'Delete', othersDelete: false });
    await start('a');
    await use('a', 'a-x', 1);
    await hold('a', 'a-y');
    expect(await promises()).toEqual(['recycling']);
    await remove('a');
    expect(await promises()).toEqual(['recycling', 'held-pods']);
    for (const name of ['b', 'c', 'd', 'e']) await start(name);
    expect(await promises()).toEqual(['recycling', 'held-pods']);
    await start('f');
    expect(await promises()).toEqual(['recycling', 'held-pods', 'pool-max']);
  });

  test('A pool without its size, and a mark of an ended claim, are found at the end', async () => {
    const { checker, start, hold, replace } = await begin(access);
    await start('a');
    await hold('a', 'a-x');
    await replace('a', { id: 'a-x', state: 'ended', end: 'expired' });
    const sentences = (await checker.final()).violations.map(({ sentence }) => sentence);
    expect(sentences).toEqual([
      'Pool agents does not have its size: 0 ready and 0 other idle pods of 1 (buffer 1 to 2, pool 0 to 4)',
      'Pod a still has claim a-x as ended',
    ]);
  });
});

describe('warmpool check', () => {
  const access = new ClusterAccess(inject('cluster'));

  test('warmpool check exits with 0 for a history that breaks no promise, and with 1 for one that does', async () => {
    const { namespace, start, use, hold, replace, remove, renewLease } = await begin(access);
    await renewLease();
    await start('a');
    await start('b');
    await use('a', 'a-claim1', 1);
    await use('b', 'b-claim1', 1);
    await remove('b');
    await renewLease();
    const sentence =
      /^checked 1\d writes to 2 pods of 1 pool since \d\d:\d\d:\d\dZ \(\d+ s\): no promise was broken\n$/;
    const kept = await runCheck(access, namespace, '10m');
    expect(kept).toMatchObject({ code: 0, stdout: expect.stringMatching(sentence) as string });
    expect(kept.stderr).toContain(`namespace ${namespace}`);

    await hold('a', 'a-claim2');
    await replace('a', { id: 'a-claim3' });
    const broken = await runCheck(access, namespace, '10m');
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain('a promise was broken\n');
    expect(broken.stdout).toContain('Pod a went from claim a-claim2 (held) to claim a-claim3 (held)');
  });

  test('--since leaves out what was written before', async () => {
    const { namespace, start, hold, replace, renewLease } = await begin(access);
    await renewLease();
    await start('a');
    await hold('a', 'a-x');
    await replace('a', { id: 'a-y' });
    expect(await runCheck(access, namespace, '10m')).toMatchObject({ code: 1 });
    // Time is what the leader's Lease says.
    await expect
      .poll(
        async () => {
          await renewLease();
          return (await runCheck(access, namespace, '3s')).code;
        },
        { timeout: 30_000 },
      )
      .toBe(0);
  });

  test('warmpool check exits with 2 where it may not read pods', async () => {
    const namespace = await access.createNamespace();
    const env = { HOME: access.description.folder, KUBECONFIG: access.kubeconfig('nobody', { namespace }) };
    const { promise, resolve } = Promise.withResolvers<{ code: unknown; stderr: string }>();
    execFile(process.execPath, [MAIN, 'check'], { env }, (error, _stdout, stderr) => {
      resolve({ code: error?.code, stderr });
    });
    expect(await promise).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot list resource "pods"') as string,
    });
  });
});

test('After a restart of the API server, the writes that its watch does not have come from etcd', async () => {
  const cluster = await TestCluster.start();
  onTestFinished(() => cluster.stop());
  const { access } = cluster;
  const crd = new PoolCrd({ kubeconfigPaths: [access.kubeconfig('admin')], controller: 'warmpool' });
  await crd.install();
  await crd.close();
  const proxy = await startTcpProxy(access.description.apiPort);
  onTestFinished(proxy.close);
  const { namespace, checker, start, use, hold, replace, remove, promises } = await begin(access, {
    server: proxy.url,
  });
  await start('a');
  await start('b');
  await start('c');
  await use('a', 'a-claim1', 1);
  expect(await promises()).toEqual([]);

  proxy.freeze();
  await use('a', 'a-claim2', 2);
  await use('c', 'c-claim1', 1);
  await remove('c');
  await hold('b', 'b-x');
  await replace('b', { id: 'b-y' });
  await cluster.killApiServer();
  await cluster.startApiServer();
  proxy.thaw();
  await expect.poll(promises, { timeout: 40_000, interval: 1_000 }).toEqual(['one-holder']);
  expect(await checker.settle()).toMatchObject({ gaps: [], lost: 0 });
  expect(await runCheck(access, namespace, '10m')).toMatchObject({ code: 1 });
});
