// `npm run bench:cluster`: the Kubernetes runtime on a real API server of this machine. Prints, and writes bench/results/kubernetes.json.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { toManifest } from '../src/services/kubernetes/resource/write-pool.ts';
import { PoolCrd } from '../src/services/kubernetes/crd/pool-crd.ts';
import { TestCluster } from '../test/cluster/kit/test-cluster.ts';
import { startChild } from './child.ts';
import { load } from './load.ts';

const KEY = 'bench';
const POOLS = 10_000;
const CONNECTIONS = 8;
const WRITES = 1_500;
const ROUNDS = 3;
const SEEN_ROUNDS = 200;
const headers = { 'OPEN-SANDBOX-API-KEY': KEY, 'Content-Type': 'application/json' };
const capacitySpec = { bufferMax: 0, bufferMin: 0, poolMax: 10, poolMin: 0 };
const template = { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } };
const nameOf = (index: number) => `pool-${String(index).padStart(5, '0')}`;

/** Runs `task` for every index, `CONNECTIONS` at a time. Returns the rate per second. */
const rate = async (count: number, task: (index: number) => Promise<void>): Promise<number> => {
  let next = 0;
  const startedMs = performance.now();
  const work = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return (count / (performance.now() - startedMs)) * 1_000;
};

const cluster = await TestCluster.start();
const { access } = cluster;
const crd = new PoolCrd({ controller: 'opensandbox', kubeconfigPaths: [access.kubeconfig('admin')] });
await crd.install();
await crd.close();
while (!(await access.kubectl('api-resources')).includes('sandbox.opensandbox.io')) await setTimeout(100);
await access.kubectl('create', 'namespace', 'bench');

const agent = new Agent({ connect: { ca: readFileSync(path.join(access.description.folder, 'pki/apiserver.crt')) } });
const authorization = { Authorization: `Bearer ${access.description.tokens.admin}` };

/** A bare client of the API server: one undici request whose response is read and dropped. */
const bare = async (method: 'POST' | 'PATCH', name: string, body: unknown): Promise<void> => {
  const place = `${access.url}/apis/sandbox.opensandbox.io/v1alpha1/namespaces/bench/pools${name}`;
  const { statusCode, body: answer } = await request(`${place}?fieldValidation=Strict`, {
    method,
    dispatcher: agent,
    headers: {
      ...authorization,
      'Content-Type': method === 'POST' ? 'application/json' : 'application/json-patch+json',
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (statusCode > 299) throw new Error(text);
};
const specification = { template, capacitySpec, labels: {}, annotations: {} };
const bareCreate = (name: string) => bare('POST', '', toManifest(name, specification));
const barePatch = (name: string, bufferMax: number) =>
  bare('PATCH', `/${name}`, [{ op: 'add', path: '/spec/capacitySpec', value: { ...capacitySpec, bufferMax } }]);

console.log(`creating ${POOLS} pools ...`);
await rate(POOLS, (index) => bareCreate(nameOf(index)));

const dataDir = mkdtempSync(path.join(tmpdir(), 'warmpool-bench-'));
const kubeconfig = access.kubeconfig('admin', { namespace: 'bench' });
const orderedMs = performance.now();
const server = await startChild('server.ts', { dataDir, apiKey: KEY, kubeconfig });
while ((await fetch(`${server.url}/ready`)).status !== 200) await setTimeout(10);
const readyMs = Math.round(performance.now() - orderedMs);

const metrics = async (): Promise<string> => {
  const answer = await request(`${access.url}/metrics`, { dispatcher: agent, headers: authorization });
  return answer.body.text();
};

/** Requests for pools that the API server has received so far. */
const apiCalls = async (): Promise<number> =>
  [...(await metrics()).matchAll(/^apiserver_request_total\{.*resource="pools".*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );

const local = await startChild('server.ts', { dataDir, apiKey: KEY });
/** Sent by the same client as the bare calls, so that only the servers differ. */
const write = async (method: 'POST' | 'PUT', url: string, body: unknown): Promise<void> => {
  const { statusCode, body: answer } = await request(url, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (statusCode > 299) throw new Error(text);
};
const post = (url: string, name: string) => write('POST', `${url}/pools`, { name, template, capacitySpec });
await rate(POOLS, (index) => post(local.url, nameOf(index)));
// The pool that is read has a status, as on the local runtime.
const status = { total: 0, allocated: 0, available: 0, revision: '6ceb5f940d', updated: 0, observedGeneration: 1 };
await access.patchStatus('bench', 'pool', nameOf(500), status);
const isSettled = async (url: string) =>
  (await (await fetch(`${url}/pools/${nameOf(500)}`, { headers })).text()).includes('Settled');
while (!(await isSettled(server.url)) || !(await isSettled(local.url))) await setTimeout(100);

const reads: { local: number; kubernetes: number }[] = [];
const callsBefore = await apiCalls();
for (let round = 0; round < ROUNDS; round++) {
  const get = async (url: string) =>
    (await load({ url: `${url}/pools/${nameOf(500)}?view=basic`, headers, connections: 32, seconds: 3 })).perSecond;
  reads.push({ local: await get(local.url), kubernetes: await get(server.url) });
}
const callsDuringReads = (await apiCalls()) - callsBefore;
const listMs: number[] = [];
for (let round = 0; round < 3; round++) {
  const startedMs = performance.now();
  await (await fetch(`${server.url}/pools`, { headers })).arrayBuffer();
  listMs.push(Math.round(performance.now() - startedMs));
}
const { rssMb } = await server.usage();

const writes: { barePost: number; post: number; barePut: number; put: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const put = (index: number) =>
    write('PUT', `${server.url}/pools/${nameOf(index)}`, {
      capacitySpec: { ...capacitySpec, bufferMax: 2 * round + 2 },
    });
  writes.push({
    barePost: await rate(WRITES, (index) => bareCreate(`bare-${round}-${index}`)),
    post: await rate(WRITES, (index) => post(server.url, `own-${round}-${index}`)),
    barePut: await rate(WRITES, (index) => barePatch(nameOf(index), 2 * round + 1)),
    put: await rate(WRITES, put),
  });
}
/** How long a write through one server takes to be seen through another, in milliseconds. */
const other = await startChild('server.ts', { dataDir, apiKey: KEY, kubeconfig });
while ((await fetch(`${other.url}/ready`)).status !== 200) await setTimeout(10);
const seenMs: number[] = [];
for (let round = 1; round <= SEEN_ROUNDS; round++) {
  const url = `/pools/${nameOf(501)}?view=basic`;
  await write('PUT', `${server.url}${url}`, {
    capacitySpec: { ...capacitySpec, bufferMax: 100 + round, poolMax: 10_000 },
  });
  const writtenMs = performance.now();
  while (!(await (await fetch(`${other.url}${url}`, { headers })).text()).includes(`"bufferMax":${100 + round}`));
  seenMs.push(performance.now() - writtenMs);
}
seenMs.sort((a, b) => a - b);
const seenMsAt = (share: number) => Math.round(seenMs[Math.floor(share * seenMs.length)] ?? NaN);

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
const ratio = <Row>(rows: readonly Row[], of: (row: Row) => number) => Number(median(rows.map(of)).toFixed(2));
const perSecond = <Row>(rows: readonly Row[], of: (row: Row) => number) => Math.round(median(rows.map(of)));

const results = {
  pools: POOLS,
  readyMs,
  rssMb: Math.round(rssMb),
  listMs,
  getPerSecond: { local: perSecond(reads, (row) => row.local), kubernetes: perSecond(reads, (row) => row.kubernetes) },
  getToLocal: ratio(reads, (row) => row.kubernetes / row.local),
  apiCallsDuringReads: callsDuringReads,
  /** Target: at most 250 ms at the 99th percentile. */
  seenByOtherServerMs: { p50: seenMsAt(0.5), p99: seenMsAt(0.99) },
  writeConnections: CONNECTIONS,
  postPerSecond: { bare: perSecond(writes, (row) => row.barePost), warmpool: perSecond(writes, (row) => row.post) },
  postToBare: ratio(writes, (row) => row.post / row.barePost),
  putPerSecond: { bare: perSecond(writes, (row) => row.barePut), warmpool: perSecond(writes, (row) => row.put) },
  putToBare: ratio(writes, (row) => row.put / row.barePut),
};
console.log(results);
await server.stop();
await other.stop();
await local.stop();
await agent.close();
await cluster.stop();
rmSync(dataDir, { recursive: true, force: true });
const conditions = {
  at: new Date().toISOString(),
  node: process.version,
  processor: cpus()[0]?.model,
  cores: availableParallelism(),
  note: 'API server, etcd, servers and load generator share the cores: trust the ratios, not the rates.',
};
writeFileSync(
  new URL('results/kubernetes.json', import.meta.url),
  `${JSON.stringify({ conditions, results }, null, 2)}\n`,
);
