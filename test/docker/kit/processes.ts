// The processes of a Docker daemon, by what Linux says about them.
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes whose command names the folder, and of their descendants: containerd, its shims, the containers. */
export const processesOf = (folder: string): Set<number> => {
  const processes = readdirSync('/proc').flatMap((name) => readProcess(Number(name)) ?? []);
  const found = new Set(processes.flatMap(({ pid, command }) => (command.includes(folder) ? pid : [])));
  let before: number;
  do {
    before = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  } while (found.size > before);
  return found;
};

/** Undefined when it is none, or has ended. */
const readProcess = (pid: number) => {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const [, parent] = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return { pid, command, parent: Number(parent) };
  } catch {
    return undefined;
  }
};

/** Does nothing if it has ended. */
export const killNow = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
};
