// What the daemon can do at most: a claim whose member is deleted costs it one start and one stop.
import { IMAGE } from '../../test/docker/kit/image.ts';
import type { BenchDaemon } from './daemon.ts';

/** More at once only take turns on few cores. */
const AT_ONCE = 4;

/** How many containers the daemon can create, start, stop and remove per second when it does nothing else. */
export const measureCycles = async ({ docker, network }: BenchDaemon, command: string[], count: number) => {
  let next = 0;
  const work = async () => {
    while (next++ < count) {
      const container = await docker.createContainer({
        Image: IMAGE,
        Cmd: command,
        HostConfig: { NetworkMode: network },
      });
      await container.start();
      await container.stop({ t: 5 });
      await container.remove({ force: true });
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return Number(((count / (performance.now() - startedMs)) * 1_000).toFixed(1));
};
