// A Docker daemon of the tests: everything that it has is in one temporary folder.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, globSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Docker from 'dockerode';
import { z } from 'zod';
import { killNow, processesOf } from './processes.ts';
import { removeFolder } from '../../support/remove-folder.ts';

const START_DEADLINE_MS = 60_000;
const POLL_MS = 50;

/** A network of its own: the addresses of Docker's default bridge may be those of another daemon. */
export const NETWORK = 'warmpool-test';

export class TestDaemon {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'warmpool-docker-'));
  readonly host = `unix://${path.join(this.#folder, 'docker.sock')}`;
  readonly docker = new Docker({ host: undefined, socketPath: path.join(this.#folder, 'docker.sock') });
  readonly #bridge = `wp-${randomBytes(4).toString('hex')}`;
  #process: ChildProcess | undefined;

  static async start(): Promise<TestDaemon> {
    const daemon = new TestDaemon();
    daemon.#addBridge();
    await daemon.start();
    await daemon.docker.createNetwork({ Name: NETWORK });
    return daemon;
  }

  /**
   * A default bridge of its own: without one dockerd shares docker0 with the machine's daemon, and with `--bridge none` it
   * deletes docker0. Source of the addresses: RFC 2544, networks for benchmarks.
   */
  #addBridge(): void {
    execFileSync('ip', ['link', 'add', 'name', this.#bridge, 'type', 'bridge']);
    execFileSync('ip', ['address', 'add', `198.18.${randomInt(256)}.1/24`, 'dev', this.#bridge]);
  }

  /** Resolves when the daemon responds. */
  async start(): Promise<void> {
    const file = (name: string) => path.join(this.#folder, name);
    const log = openSync(file('log'), 'a');
    const args = ['--data-root', file('data'), '--exec-root', file('exec'), '--pidfile', file('pid')];
    this.#process = spawn('dockerd', [...args, '--host', this.host, '--bridge', this.#bridge], {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const child = this.#process;
    // Nothing outlives the tests. SIGKILL would leave the containers running.
    process.once('exit', () => child.kill());
    const endMs = Date.now() + START_DEADLINE_MS;
    while (
      !(await this.docker.ping().then(
        () => true,
        () => false,
      ))
    ) {
      if (this.#process.exitCode !== null || Date.now() > endMs)
        throw new Error(
          `dockerd did not start:\n${readFileSync(file('log'), 'utf8').split('\n').slice(-15).join('\n')}`,
        );
      await setTimeout(POLL_MS);
    }
  }

  /** Ends the daemon, and its containers with it. */
  async stop(): Promise<void> {
    if (this.#process?.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill();
    await exited;
  }

  /** The daemon crashes; its containers run on, until the next one ends them. */
  async crash(): Promise<void> {
    const daemon = this.#process;
    if (daemon === undefined) return;
    const exited = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await exited;
    // Its containerd ends with it. Where nobody collects that one's exit status, the next dockerd takes it for running.
    rmSync(path.join(this.#folder, 'exec/containerd/containerd.pid'), { force: true });
  }

  /** The daemon crashes while it starts the first of its containers: the process exists, and it does not know that yet. */
  async crashWhileStarting(): Promise<void> {
    const tasks = path.join(this.#folder, 'exec/containerd/daemon/io.containerd.runtime.v2.task/moby');
    const endMs = Date.now() + START_DEADLINE_MS;
    while (globSync(path.join(tasks, '*/init.pid')).length === 0) {
      if (Date.now() > endMs)
        throw new Error(`dockerd started no container within ${START_DEADLINE_MS / 1_000} s: no ${tasks}/*/init.pid.`);
      await setTimeout(1);
    }
    await this.crash();
  }

  /** As after a power cut: neither the daemon nor a container runs, and nothing could be written before. */
  async cutPower(): Promise<void> {
    await this.crash();
    for (const pid of processesOf(this.#folder)) killNow(pid);
    // What a machine that starts does not have.
    this.#unmountAll();
    removeFolder(path.join(this.#folder, 'exec'));
  }

  /** Removes everything that the daemon has. */
  async remove(): Promise<void> {
    try {
      const containers = await this.docker.listContainers({ all: true });
      await Promise.all(containers.map(({ Id }) => this.docker.getContainer(Id).remove({ force: true, v: true })));
      // Otherwise its bridge stays on the machine.
      await this.#removeNetwork();
    } finally {
      await this.stop();
      // Containers that it was starting when it crashed run on, and no later dockerd knows them.
      for (const pid of processesOf(this.#folder)) killNow(pid);
      execFileSync('ip', ['link', 'delete', this.#bridge]);
      this.#removeFolder();
    }
  }

  /** Where a container was removed while it was being started, Docker may keep its endpoint. */
  async #removeNetwork(): Promise<void> {
    const network = this.docker.getNetwork(NETWORK);
    const { Containers = {} } = z
      .object({ Containers: z.record(z.string(), z.object({ Name: z.string() })).optional() })
      .parse(await network.inspect());
    for (const { Name } of Object.values(Containers)) await network.disconnect({ Container: Name, Force: true });
    await network.remove();
  }

  #removeFolder(): void {
    this.#unmountAll();
    removeFolder(this.#folder);
  }

  #unmountAll(): void {
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '');
    for (const mount of mounts.reverse()) if (mount.startsWith(this.#folder)) execFileSync('umount', [mount]);
  }
}
