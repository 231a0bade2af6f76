// An idle server with many pools and many live claims: its start, CPU and memory.
import { setTimeout } from 'node:timers/promises';
import { simulated, type Warmpool } from './warmpool.ts';

const POOLS = 1_000;
const MEMBERS = 10;
const CLAIMS_PER_POOL = 5;
const SECONDS = 20;
const AT_ONCE = 16;

/** Fills the server, starts it again on the same data, and watches it while nothing happens. */
export const measureIdle = async (warmpool: Warmpool) => {
  await warmpool.start(simulated(0.5));
  const names = Array.from({ length: POOLS }, (_, index) => `pool-${String(index).padStart(4, '0')}`);
  let next = 0;
  const work = async () => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) {
      await warmpool.create({ name, members: MEMBERS, recycle: 'Delete' });
      for (let claim = 0; claim < CLAIMS_PER_POOL; claim++) await warmpool.claim(name, 3_600);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // The pools start the members that replace the claimed ones.
  await setTimeout(5_000);
  await warmpool.stopServer();
  const { startMs, health } = await warmpool.start(simulated(0.5));
  await setTimeout(3_000);
  const before = await health();
  await setTimeout(SECONDS * 1_000);
  const after = await health();
  return {
    pools: POOLS,
    membersPerPool: MEMBERS,
    liveClaims: POOLS * CLAIMS_PER_POOL,
    startMs: Math.round(startMs),
    cpuPercent: Number((((after.cpuSeconds - before.cpuSeconds) / SECONDS) * 100).toFixed(1)),
    rssMb: Math.round(after.rssMb),
    heapMb: Math.round(after.heapMb),
  };
};
