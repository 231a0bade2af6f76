// The yardstick: what a client of Docker without a pool does.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { IMAGE } from '../../test/docker/kit/image.ts';
import { percentiles } from '../stream/percentiles.ts';
import type { BenchDaemon } from './daemon.ts';

const run = promisify(execFile);

/** The command `docker`, one run after the other, each timed from the start of its process to the end. */
export const measureCold = async ({ host, network, docker }: BenchDaemon, rounds: number) => {
  const env = { ...process.env, DOCKER_HOST: host };
  const timed = async (options: readonly string[], command: readonly string[]) => {
    const startedMs = performance.now();
    const { stdout } = await run('docker', ['run', ...options, '--network', network, IMAGE, ...command], { env });
    return { ms: performance.now() - startedMs, id: stdout.trim() };
  };
  const toTheEnd: number[] = [];
  const untilRunning: number[] = [];
  for (let round = 0; round < rounds; round++) {
    toTheEnd.push((await timed(['--rm'], ['busybox', 'true'])).ms);
    // Returns when the container runs.
    const { ms, id } = await timed(['-d'], ['sleep', 'infinity']);
    untilRunning.push(ms);
    await docker.getContainer(id).remove({ force: true });
  }
  return { 'docker run --rm': percentiles(toTheEnd), 'docker run -d': percentiles(untilRunning) };
};
