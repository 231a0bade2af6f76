// Writes that the API server received for a claim: all that any client sent, by its own metrics.
import { setTimeout } from 'node:timers/promises';
import type { ClusterAccess } from '../../test/cluster/kit/cluster-access.ts';
import { writesSince, type Writes } from '../../test/cluster/kit/count-writes.ts';
import { msUntilReady } from './ready-pods.ts';
import { atMost, type Row } from './row.ts';
import type { BenchPool } from './server-client.ts';
import type { Bench } from './servers.ts';

const CLAIMS = 50;
const REST_MS = 2_000;

/** Leases are renewed whether there are claims or not: those of the servers, the leader and the node. */
const RENEWALS = new Set(['PUT leases', 'PATCH leases']);

/** The writes during `work`, by verb and resource, without those that renew leases. */
const during = async (access: ClusterAccess, work: () => Promise<unknown>): Promise<Writes> => {
  const before = await access.countWrites();
  await work();
  const after = await access.countWrites();
  const resources = new Set(Object.keys(after).map((key) => key.split(/[ /]/)[1] ?? ''));
  const all = [...resources].flatMap((resource) => Object.entries(writesSince(before, after, resource)));
  return Object.fromEntries(all.filter(([key]) => !RENEWALS.has(key)));
};

const times = async (task: (index: number) => Promise<unknown>): Promise<void> => {
  for (let index = 0; index < CLAIMS; index++) await task(index);
};

/** How many DELETE requests of others follow the one that deletes a pod: those of the kubelet, here kwok. */
const kubeletDeletes = async ({ access, bare, connection }: Bench): Promise<number> => {
  const group = 'ended';
  await msUntilReady(connection, { namespace: 'bare', labelSelector: `group=${group}`, count: CLAIMS }, () =>
    times((index) => bare.create(`${group}-${index}`, group)),
  );
  const writes = await during(access, async () => {
    await times((index) => bare.delete(`${group}-${index}`));
    await bare.untilGone(group);
    await setTimeout(REST_MS);
  });
  return (writes['DELETE pods'] ?? 0) / CLAIMS - 1;
};

export const measureWrites = async (bench: Bench, pool: BenchPool) => {
  const { access, checker } = bench;
  const [server] = bench.servers;
  const claimed: string[] = [];
  const claim = async (key?: string) => {
    const { id } = (await server.claim(pool, { waitSeconds: 30 }, key)) ?? {};
    if (id === undefined) throw new Error('A claim was refused.');
    claimed.push(id);
  };
  const releaseAll = async () => {
    for (const id of claimed.splice(0)) await server.release(id);
    await settle();
  };
  /** Pods that terminate are no members any more, but are still written. */
  const settle = async () => {
    await server.untilSettled(pool.name, 100);
    await setTimeout(REST_MS);
  };
  const deletesOfKubelet = await kubeletDeletes(bench);
  const claims = await during(access, () => times(() => claim()));
  const ends = await during(access, releaseAll);
  const keyedClaims = await during(access, () => times((index) => claim(`key-${index}`)));
  await releaseAll();
  const cycles = await during(access, async () => {
    await times(() => claim());
    await releaseAll();
  });
  await checker.settle();
  return { claims, keyedClaims, ends, cycles, deletesOfKubelet };
};

const perClaim = (writes: Writes, ...keys: string[]): number =>
  keys.reduce((sum, key) => sum + (writes[key] ?? 0), 0) / CLAIMS;

export const rowsOfWrites = ({
  claims,
  keyedClaims,
  ends,
  cycles,
  deletesOfKubelet,
}: Awaited<ReturnType<typeof measureWrites>>): Row[] => [
  atMost('Writes per claim (PATCH pods)', perClaim(claims, 'PATCH pods'), 1),
  atMost(
    'Writes per claim with a key (PATCH pods, POST leases)',
    perClaim(keyedClaims, 'PATCH pods', 'POST leases'),
    2,
  ),
  atMost(
    `Writes per end (PATCH pods, DELETE pods without the ${deletesOfKubelet} of the kubelet)`,
    perClaim(ends, 'PATCH pods', 'DELETE pods') - deletesOfKubelet,
    2,
  ),
  // kwok deletes a pod twice, a kubelet once.
  atMost(
    'Writes of all clients per cycle, with one of the kubelet to delete the pod',
    perClaim(cycles, ...Object.keys(cycles)) - deletesOfKubelet + 1,
    9,
  ),
];
