// Claims of warm containers next to the command `docker run` in the same run.
import { setTimeout } from 'node:timers/promises';
import { Warmpool } from './claims/warmpool.ts';
import { measureCold } from './docker/cold.ts';
import { measureCycles } from './docker/cycles.ts';
import { openDaemon, type BenchDaemon } from './docker/daemon.ts';
import { measureWarm } from './docker/warm.ts';
import { IMAGE } from '../test/docker/kit/image.ts';

const COLD_ROUNDS = 30;
const CYCLES = 40;
const MEMBERS = 20;
const LOAD = { perSecond: 5, seconds: 30, holdMs: 200 };

/** What is asked of a claim at the 99th percentile: so many milliseconds, and this part of the median `docker run --rm`. */
const LIMITS = { p99Ms: 50, ratio: 0.1 };

/** Ends at once on SIGTERM, and needs no CPU. */
const COMMAND = ['sh', '-c', "trap 'exit 0' TERM; sleep infinity & wait"];
const TEMPLATE = { spec: { containers: [{ name: 'sandbox', image: IMAGE, command: COMMAND }] } };

const hasContainers = async ({ docker }: BenchDaemon): Promise<boolean> =>
  (await docker.listContainers({ all: true, filters: { ancestor: [IMAGE] } })).length > 0;

const measureClaims = async (daemon: BenchDaemon) => {
  const { host, network } = daemon;
  const warmpool = new Warmpool();
  try {
    await warmpool.start(`[local]\ndriver = "docker"\n[local.docker]\nhost = "${host}"\nnetwork = "${network}"\n`);
    await warmpool.create({ name: 'sandboxes', members: MEMBERS, recycle: 'Delete', template: TEMPLATE });
    await warmpool.available('sandboxes', MEMBERS);
    return await measureWarm(warmpool.claims('sandboxes'), LOAD);
  } finally {
    await warmpool.delete('sandboxes');
    while (await hasContainers(daemon)) await setTimeout(100);
    await warmpool.stop();
  }
};

export const benchDocker = async () => {
  const daemon = await openDaemon();
  if ('missing' in daemon) return daemon;
  try {
    const { ServerVersion, Driver } = (await daemon.docker.info()) as { ServerVersion: string; Driver: string };
    const cold = await measureCold(daemon, COLD_ROUNDS);
    const cyclesPerSecond = await measureCycles(daemon, COMMAND, CYCLES);
    const warm = await measureClaims(daemon);
    const ratio = Number((warm.p99Ms / cold['docker run --rm'].p50Ms).toFixed(3));
    const isMet = warm.p99Ms <= LIMITS.p99Ms && ratio <= LIMITS.ratio;
    const demands = { p99MsMax: LIMITS.p99Ms, ratioMax: LIMITS.ratio, isMet };
    return {
      docker: `${ServerVersion}, ${Driver}`,
      members: MEMBERS,
      load: LOAD,
      cold,
      cyclesPerSecond,
      warm,
      ratio,
      demands,
    };
  } finally {
    await daemon.close();
  }
};

type DockerResults = Exclude<Awaited<ReturnType<typeof benchDocker>>, { readonly missing: string }>;

/** The results as a table. */
export const printDocker = ({ cold, cyclesPerSecond, warm, ratio, demands, ...setting }: DockerResults): void => {
  const { perSecond, seconds } = setting.load;
  const base = cold['docker run --rm'].p50Ms;
  const { claims, cold: coldClaims, ...claim } = warm;
  const rows = Object.entries({ ...cold, claim }).map(([what, { p50Ms, p99Ms }]) => {
    const [p50ToRun, p99ToRun] = [p50Ms, p99Ms].map((ms) => Number((ms / base).toFixed(3)));
    return { what, p50Ms, p99Ms, p50ToRun, p99ToRun };
  });
  console.log(
    `docker ${setting.docker}: ${setting.members} containers, ${perSecond} claims a second for ${seconds} s, each timed from when it was due; ratios to the median docker run --rm:`,
  );
  console.table(rows);
  console.log(`The daemon alone starts and stops ${cyclesPerSecond} containers a second.`);
  console.log(`${claims} claims, ${coldClaims} of them cold. p99 of a claim to p50 of docker run --rm: ${ratio}.`);
  console.log(`${demands.isMet ? 'Meets' : 'MISSES'} p99 ≤ ${demands.p99MsMax} ms and ratio ≤ ${demands.ratioMax}.`);
};
