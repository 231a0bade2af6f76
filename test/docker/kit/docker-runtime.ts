// The local runtime with the Docker driver, on the tests' daemon.
import { connect } from 'node:net';
import path from 'node:path';
import Docker from 'dockerode';
import { expect, inject, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import type { MemberEvent } from '../../../src/services/controller/ports.ts';
import { DockerDriver } from '../../../src/services/docker/docker-driver.ts';
import { dockerAddress } from '../../../src/services/docker/connection/docker-host.ts';
import { openLocalRuntime } from '../../../src/services/local/local-runtime.ts';
import { openDatabase } from '../../../src/services/local/sqlite/database.ts';
import { PoolService } from '../../../src/services/pools/pool-service.ts';
import { silentObserver } from '../../support/silent-observer.ts';
import { temporaryFolder } from '../../support/test-server.ts';
import { IMAGE } from './image.ts';

type Where = { folder?: string; host?: string; network?: string };

export const daemon = (host = inject('docker').host) => new Docker(dockerAddress(host));

/** The containers and volumes of a data directory. */
export const belongings = async (folder: string, docker = daemon()) => {
  const filters = { label: [`warmpool.dev/instance=${instanceOf(folder)}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes } = await docker.listVolumes({ filters: JSON.stringify(filters) });
  return {
    containers: containers.map(({ Names }) => Names[0]?.slice(1) ?? '').sort(),
    volumes: Volumes.map(({ Name }) => Name),
  };
};

const instanceOf = (folder: string) => {
  const database = openDatabase(path.join(folder, 'warmpool.db'));
  try {
    return database.instanceId;
  } finally {
    database.close();
  }
};

/** Removes what a test has left on a daemon that others use, too. */
export const sweepAtEnd = (folder: string, docker = daemon()) => {
  onTestFinished(async () => {
    const { containers, volumes } = await belongings(folder, docker);
    await Promise.all(containers.map((name) => docker.getContainer(name).remove({ force: true, v: true })));
    await Promise.all(volumes.map((name) => docker.getVolume(name).remove()));
  });
};

const driverOptions = ({ host = inject('docker').host, network = inject('docker').network }: Where) => ({
  host,
  network,
  allowPrivileged: false,
  clock: systemClock,
  observer: silentObserver,
});

/** A driver without a controller: nothing starts or replaces members but the test. */
export const openDriver = async ({ folder = temporaryFolder(), ...where }: Where = {}) => {
  sweepAtEnd(folder, daemon(where.host));
  const database = openDatabase(path.join(folder, 'warmpool.db'));
  const driver = await DockerDriver.open(database, driverOptions(where));
  const watching = new AbortController();
  const events: MemberEvent[] = [];
  const members = new Map<string, Extract<MemberEvent, { type: 'present' }>['member']>();
  const read = async () => {
    for await (const event of driver.watch(watching.signal)) {
      events.push(event);
      if (event.type === 'present') members.set(event.member.name, event.member);
      if (event.type === 'gone') members.delete(event.name);
    }
  };
  const ended = read();
  let closed: Promise<void> | undefined;
  const close = async () => {
    watching.abort();
    await ended;
    driver.close();
    database.close();
  };
  const end = () => (closed ??= close());
  onTestFinished(end);
  const started = async (name: string, template: object) => {
    await driver.start({ name, poolUid: 'uid', poolName: 'pool', revision: 'r1', template: { ...template } });
  };
  const becomes = async (name: string, phase: string | undefined) => {
    await expect.poll(() => members.get(name)?.phase, { timeout: 30_000, interval: 20 }).toBe(phase);
    return members.get(name);
  };
  return { driver, folder, members, events, close: end, start: started, becomes };
};

export const openRuntime = async ({ folder = temporaryFolder(), ...where }: Where = {}) => {
  sweepAtEnd(folder, daemon(where.host));
  const errors: unknown[] = [];
  const runtime = await openLocalRuntime({
    dataDir: folder,
    createDriver: ({ database }) => DockerDriver.open(database, driverOptions(where)),
    clock: systemClock,
    observer: {
      ...silentObserver,
      stepFailed: (_uid, error) => errors.push(error),
      driverFailed: (_uid, error) => errors.push(error),
    },
  });
  const pools = new PoolService(runtime.ports);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= runtime.close());
  onTestFinished(stop);
  const available = (name: string, count: number) =>
    expect.poll(async () => (await pools.get(name)).status?.available, { timeout: 60_000, interval: 50 }).toBe(count);
  return { folder, runtime, pools, stop, errors, available };
};

/** A shell that ends at once when it is asked to, and runs `script` before it waits. */
export const container = (script = '', more: object = {}) => ({
  name: 'sandbox',
  image: IMAGE,
  command: ['sh', '-c', `trap 'exit 0' TERM; ${script}\nwhile :; do sleep 0.1; done`],
  ...more,
});

export const templateOf = (containers: object[], more: object = {}) => ({
  spec: { containers, terminationGracePeriodSeconds: 5, ...more },
});

export const exec = async (name: string, command: string, docker = daemon()) => {
  const run = await docker.getContainer(name).exec({ Cmd: ['sh', '-c', command], AttachStdout: true, Tty: true });
  const stream = await run.start({ Tty: true });
  let output = '';
  for await (const chunk of stream) output += String(chunk);
  const { ExitCode } = await run.inspect();
  return { output: output.trim(), code: ExitCode };
};

/** What a TCP server sends when a connection is opened. */
export const greeting = (address: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const [host = '', port] = address.split(':');
    let text = '';
    connect(Number(port), host)
      .setEncoding('utf8')
      .on('data', (chunk: string) => (text += chunk))
      .on('error', reject)
      .on('close', () => {
        resolve(text.trim());
      });
  });
