// Two servers with the shipped Role on a cluster whose pods become Ready without running, and the checker that watches them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ClusterChecker } from '../../src/services/kubernetes/check/cluster-checker.ts';
import { PoolCrd } from '../../src/services/kubernetes/crd/pool-crd.ts';
import { TestCluster } from '../../test/cluster/kit/test-cluster.ts';
import { startChild } from '../child.ts';
import { BareClient } from './bare-client.ts';
import { KEY, Server } from './server-client.ts';

const POLL_MS = 50;

export type Bench = Awaited<ReturnType<typeof openBench>>;

export const openBench = async () => {
  const cluster = await TestCluster.start({ mode: 'kwok' });
  const { access } = cluster;
  const crd = new PoolCrd({ kubeconfigPaths: [access.kubeconfig('admin')], controller: 'warmpool' });
  await crd.install();
  await crd.close();
  const namespace = await access.createNamespace('warmpool');
  const bare = await BareClient.open(access, 'bare');
  const connection = access.connect();
  const checker = await ClusterChecker.start(connection, namespace);
  const kubeconfig = access.kubeconfig('warmpool', { namespace });
  const folders: string[] = [];

  const startServer = async (): Promise<Server> => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'warmpool-bench-'));
    folders.push(dataDir);
    const child = await startChild('server.ts', { dataDir, apiKey: KEY, kubeconfig, controller: 'warmpool' });
    while ((await fetch(`${child.url}/ready`)).status !== 200) await setTimeout(POLL_MS);
    return new Server(child, checker);
  };
  const servers = [await startServer(), await startServer()] as const;

  const close = async (): Promise<void> => {
    for (const server of servers) await server.stop();
    await checker.stop();
    await bare.close();
    await connection.close();
    await cluster.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  return { access, connection, namespace, bare, checker, servers, close };
};
