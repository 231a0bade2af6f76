// The real server process, started as `npm start` starts it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { removeFolder } from './remove-folder.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/server/main.ts');

export type ServerProcess = {
  child: ChildProcess;
  url: string;
  /** Empty if the server is open. */
  key: string;
  stderr: () => string;
  exited: Promise<number | null>;
};

/** Starts the process; `kill` ends it, and removes its home folder. */
export const spawnServer = (args: readonly string[], env: Record<string, string> = {}) => {
  const home = mkdtempSync(path.join(tmpdir(), 'warmpool-home-'));
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, HOME: home, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
    removeFolder(home);
  };
  return { child, home, exited, kill, stdout: () => stdout, stderr: () => stderr };
};

/** Starts the process; it is killed when the test ends. */
export const launch = (args: readonly string[], env: Record<string, string> = {}) => {
  const launched = spawnServer(args, env);
  onTestFinished(launched.kill);
  return launched;
};

/** A data directory that does not exist yet, in a folder that is removed when the test ends. */
export const dataFolder = () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-data-'));
  onTestFinished(() => {
    removeFolder(folder);
  });
  return path.join(folder, 'data');
};

/** Starts the server, and waits until it listens. */
export const start = async (dataDir: string, args: readonly string[] = []): Promise<ServerProcess> =>
  listening(launch(['--port', '0', '--data-dir', dataDir, ...args]), dataDir);

/** Waits until the server listens. */
export const listening = async (launched: ReturnType<typeof spawnServer>, dataDir: string): Promise<ServerProcess> => {
  await expect.poll(launched.stdout, { timeout: 15_000 }).toMatch(/\n/);
  const [, url = ''] = /^listening on (http:\S+)\n$/.exec(launched.stdout()) ?? [];
  const keyFile = path.join(dataDir, 'api-key');
  return { ...launched, url, key: existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : '' };
};

export const call = async (
  { url, key }: ServerProcess,
  method: string,
  route: string,
  json?: object,
  more: Record<string, string> = {},
) => {
  const headers = { 'OPEN-SANDBOX-API-KEY': key, 'Content-Type': 'application/json', ...more };
  const response = await fetch(`${url}${route}`, { method, headers, ...(json && { body: JSON.stringify(json) }) });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>),
  };
};
