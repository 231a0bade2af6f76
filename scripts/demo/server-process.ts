// The server of the demo: a process of its own, as `npm start` starts it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = path.resolve(import.meta.dirname, '../../src/server/main.ts');

/** Lines of output that an error quotes. */
const QUOTED_LINES = 10;

/** Settings of the person who starts the demo are for another server. */
const IS_SETTING = /^(WARMPOOL_|OPENSANDBOX_|SANDBOX_CONFIG_PATH$|DOCKER_HOST$|KUBECONFIG$)/;

export type ServerProcess = {
  readonly url: string;
  /** Resolves with the sign-in link, when the server prints one. */
  readonly link: Promise<string>;
  /** Resolves when the process has ended, with a sentence that says how. */
  readonly ended: Promise<string>;
  /** Stops it in order; resolves when it has ended. */
  readonly stop: () => Promise<void>;
  /** Ends it at once. */
  readonly kill: () => void;
};

/** Resolves when the server listens; rejects with its last lines if it ends before. @param port 0 picks a free one. */
export const startServerProcess = async (folder: string, port: number): Promise<ServerProcess> => {
  const config = path.join(folder, 'warmpool.toml');
  writeFileSync(config, '');
  const flags = {
    config,
    runtime: 'local',
    driver: 'simulated',
    host: '127.0.0.1',
    port,
    'data-dir': dataDirOf(folder),
  };
  const child = spawn(process.execPath, [MAIN, ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`)], {
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !IS_SETTING.test(name))),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C reaches all processes of the terminal's group: the callers are to stop before the server.
    detached: true,
  });
  const url = Promise.withResolvers<string>();
  const link = Promise.withResolvers<string>();
  const lastLines: string[] = [];
  const read = (line: string) => {
    lastLines.push(line);
    if (lastLines.length > QUOTED_LINES) lastLines.shift();
    const [, listening] = /^listening on (\S+)/.exec(line) ?? [];
    if (listening !== undefined) url.resolve(listening);
    // In a line of JSON, the quotation mark ends it.
    const [, dashboard] = /Dashboard: (https?:\/\/[^\s"]+)/.exec(line) ?? [];
    if (dashboard !== undefined) link.resolve(dashboard);
  };
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', read);
  const ended = once(child, 'close').then(() => {
    const how = child.signalCode ?? `exit code ${child.exitCode ?? 'unknown'}`;
    return `The server has ended (${how}). Its last lines:\n${lastLines.join('\n')}`;
  });
  const failed = ended.then((sentence) => Promise.reject(new Error(sentence)));
  return {
    url: await Promise.race([url.promise, failed]),
    link: link.promise,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
};

const dataDirOf = (folder: string): string => path.join(folder, 'data');

/** Where the server keeps the key that it creates. */
export const keyFileOf = (folder: string): string => path.join(dataDirOf(folder), 'api-key');
