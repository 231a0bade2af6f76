// The processes of a test cluster. Each writes a log into the cluster's folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

const DEADLINE_MS = 60_000;
const POLL_MS = 50;
const TAIL_LINES = 15;

export class Daemons {
  readonly #bin: string;
  readonly #folder: string;
  readonly #children = new Map<string, ChildProcess>();

  constructor(bin: string, folder: string) {
    this.#bin = bin;
    this.#folder = folder;
  }

  /** Starts a binary. @param via Command that runs it in place of itself, such as `nsenter`. */
  start(name: string, args: readonly string[], via: readonly string[] = []): void {
    const log = openSync(this.#log(name), 'a');
    const [command = '', ...rest] = [...via, path.join(this.#bin, name), ...args];
    // The plugins of containerd are found by PATH.
    const env = { ...process.env, PATH: `${this.#bin}:${process.env.PATH}` };
    this.#children.set(name, spawn(command, rest, { stdio: ['ignore', log, log], env }));
    closeSync(log);
  }

  pid(name: string): number | undefined {
    return this.#children.get(name)?.pid;
  }

  /** Sends a signal to a daemon that runs. */
  signal(name: string, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#children.get(name)?.kill(signal);
  }

  /** Ends a daemon as a crash would, even a paused one. */
  async kill(name: string): Promise<void> {
    const child = this.#children.get(name);
    this.#children.delete(name);
    if (child === undefined || hasEnded(child)) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** The last that was started ends first. */
  async killAll(): Promise<void> {
    for (const name of [...this.#children.keys()].reverse()) await this.kill(name);
  }

  /** For a process that is about to exit. */
  killAllNow(): void {
    for (const child of this.#children.values()) child.kill('SIGKILL');
  }

  /** Polls until `isDone` resolves to true; a rejection counts as false. Throws when a daemon ends, or after a minute. */
  async until(what: string, isDone: () => Promise<boolean>): Promise<void> {
    const endMs = Date.now() + DEADLINE_MS;
    while (!(await isDone().catch(() => false))) {
      const ended = [...this.#children].find(([, child]) => hasEnded(child))?.[0];
      if (ended !== undefined) throw new Error(`${ended} ended before ${what}:\n${this.#tail(ended)}`);
      if (Date.now() > endMs) {
        const logs = [...this.#children.keys()].map((name) => `${name}:\n${this.#tail(name)}`);
        throw new Error(`Timed out after ${DEADLINE_MS / 1_000} s waiting until ${what}.\n${logs.join('\n')}`);
      }
      await setTimeout(POLL_MS);
    }
  }

  #log(name: string): string {
    return path.join(this.#folder, `${name}.log`);
  }

  #tail(name: string): string {
    return readFileSync(this.#log(name), 'utf8').split('\n').slice(-TAIL_LINES).join('\n');
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
