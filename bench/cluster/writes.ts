// Writes that the API server received for a claim: all that any client sent, by its own metrics.
import type { ClusterAccess } from '../../test/cluster/kit/cluster-access.ts';
import { writesSince, type Writes } from '../../test/cluster/kit/count-writes.ts';
import { atMost, type Row } from './row.ts';
import type { BenchPool } from './server-client.ts';
import type { Bench } from './servers.ts';

const CLAIMS = 50;

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

export const measureWrites = async ({ access, servers: [server], checker }: Bench, pool: BenchPool) => {
  const claimed: string[] = [];
  const claim = async (key?: string) => {
    const { id } = (await server.claim(pool, { waitSeconds: 30 }, key)) ?? {};
    if (id === undefined) throw new Error('A claim was refused.');
    claimed.push(id);
  };
  const settle = () => server.untilSettled(pool.name, 100);
  const releaseAll = async () => {
    for (const id of claimed.splice(0)) await server.release(id);
    await settle();
  };
  const claims = await during(access, () => times(() => claim()));
  const ends = await during(access, releaseAll);
  const keyedClaims = await during(access, () => times((index) => claim(`key-${index}`)));
  await releaseAll();
  const cycles = await during(access, async () => {
    await times(() => claim());
    await releaseAll();
  });
  await checker.settle();
  return { claims, keyedClaims, ends, cycles };
};

const perClaim = (writes: Writes, ...keys: string[]): number =>
  keys.reduce((sum, key) => sum + (writes[key] ?? 0), 0) / CLAIMS;

export const rowsOfWrites = ({
  claims,
  keyedClaims,
  ends,
  cycles,
}: Awaited<ReturnType<typeof measureWrites>>): Row[] => [
  atMost('Writes per claim (PATCH pods)', perClaim(claims, 'PATCH pods'), 1),
  atMost(
    'Writes per claim with a key (PATCH pods, POST leases)',
    perClaim(keyedClaims, 'PATCH pods', 'POST leases'),
    2,
  ),
  // The kubelet, here kwok, deletes each pod once more when it has ended.
  atMost('Writes per end (PATCH pods, DELETE pods)', perClaim(ends, 'PATCH pods', 'DELETE pods') - 1, 2),
  atMost('Writes of all clients per cycle', perClaim(cycles, ...Object.keys(cycles)), 9),
];
