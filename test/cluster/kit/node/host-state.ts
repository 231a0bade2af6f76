// What a node needs of the machine outside its folder: a bridge for its pods, a cgroup, and processes that containerd starts.
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { killNow, processesOf } from '../../../docker/kit/processes.ts';

const CGROUPS = '/sys/fs/cgroup';
const DEADLINE_MS = 10_000;
const POLL_MS = 50;

export class HostState {
  readonly #folder: string;
  readonly bridge: string;
  readonly cgroup: string;
  /** Source of the addresses: RFC 2544, networks for benchmarks. */
  readonly #network = `198.19.${randomInt(256)}`;
  /** Address of the bridge, at which the pods reach the machine. */
  readonly address = `${this.#network}.1`;
  /** Network of the pods. Nothing is routed beyond it. */
  readonly subnet = `${this.#network}.0/24`;

  constructor(folder: string) {
    this.#folder = folder;
    this.cgroup = path.basename(folder);
    // At most 15 characters.
    this.bridge = `wpn-${folder.slice(-6)}`;
  }

  create(): void {
    execFileSync('ip', ['link', 'add', 'name', this.bridge, 'type', 'bridge']);
    execFileSync('ip', ['address', 'add', `${this.address}/24`, 'dev', this.bridge]);
    execFileSync('ip', ['link', 'set', this.bridge, 'up']);
    for (const hierarchy of hierarchies()) mkdirSync(path.join(hierarchy, this.cgroup));
  }

  /** Undoes `create`, even one that failed. Does not return to the event loop: it also runs while the process exits. */
  remove(): void {
    const folders = hierarchies()
      .map((hierarchy) => path.join(hierarchy, this.cgroup))
      .filter((folder) => existsSync(folder));
    const endMs = Date.now() + DEADLINE_MS;
    for (;;) {
      const pids = new Set([...processesOf(this.#folder), ...folders.flatMap(processesIn)]);
      if (pids.size === 0) break;
      if (Date.now() > endMs) throw new Error(`These processes of a test cluster do not end: ${[...pids].join(', ')}.`);
      for (const pid of pids) killNow(pid);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
    for (const folder of folders) removeCgroup(folder);
    if (existsSync(`/sys/class/net/${this.bridge}`)) execFileSync('ip', ['link', 'delete', this.bridge]);
  }
}

/** Version 1 of cgroups has one hierarchy for each controller, version 2 has one. */
const hierarchies = (): string[] =>
  existsSync(path.join(CGROUPS, 'cgroup.controllers')) ? [CGROUPS] : children(CGROUPS);

const children = (cgroup: string): string[] =>
  readdirSync(cgroup, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? path.join(cgroup, entry.name) : [],
  );

const processesIn = (cgroup: string): number[] => [
  ...(readFileSync(path.join(cgroup, 'cgroup.procs'), 'utf8').match(/\d+/g) ?? []).map(Number),
  ...children(cgroup).flatMap(processesIn),
];

/** The files of a cgroup cannot be deleted; they vanish with it. */
const removeCgroup = (cgroup: string): void => {
  for (const child of children(cgroup)) removeCgroup(child);
  rmdirSync(cgroup);
};
