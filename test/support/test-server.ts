// A real server in this process, on a free port of the loopback, with a data directory of its own.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/lib/clock.ts';
import type { Config } from '../../src/server/config/settings.ts';
import { API, startServer, type Api } from '../../src/server/start-server.ts';
import { API_KEY_HEADER } from '../../src/contract/limits.ts';
import { expectDocumented } from './documented-response.ts';
import { removeFolder } from './remove-folder.ts';

export const API_KEY = 'test-key';

export type Answer = { status: number; headers: Headers; text: string; body: unknown };

/** Options of a request, besides what fetch takes. */
type Call = Omit<RequestInit, 'body'> & {
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: RequestInit['body'];
  /** API key; null sends none. */
  key?: string | null;
};

export type TestServer = {
  url: string;
  createDashboardPath: () => string;
  dataDir: string;
  /** Lines of the log, parsed. */
  log: Record<string, unknown>[];
  /** Sends a request and validates the response against the OpenAPI document. */
  call: (method: string, route: string, call?: Call) => Promise<Answer>;
  stop: () => Promise<void>;
};

/** A folder that is removed when the test ends. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-'));
  onTestFinished(() => {
    removeFolder(folder);
  });
  return folder;
};

const testConfig = (dataDir: string): Config => ({
  server: {
    host: '127.0.0.1',
    port: 0,
    isInsecure: false,
    publicMetrics: false,
    corsOrigins: [],
    keepAliveSeconds: 75,
  },
  runtime: 'local',
  local: {
    dataDir,
    driver: 'simulated',
    simulated: { startSeconds: 0.01, failureRate: 0 },
    docker: { host: 'unix:///nonexistent/docker.sock', network: 'bridge', allowPrivileged: false },
  },
  claims: {},
  kubernetes: { controller: 'opensandbox' },
  logLevel: 'info',
});

type TestServerOptions = {
  config?: (config: Config) => Config;
  dataDir?: string;
  apiKey?: string | undefined;
  /** What the server serves. Default: the resources of Warmpool. */
  api?: Api;
  /** The time of sessions and sign-in links. Default: the system's. */
  clock?: Clock;
  /** Where the builds of the dashboard are. Default: a folder without one. */
  dashboardFolder?: string;
};

export const startTestServer = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const { config = (it: Config) => it, dataDir = temporaryFolder(), api = API } = options;
  const apiKey = 'apiKey' in options ? options.apiKey : API_KEY;
  const log: Record<string, unknown>[] = [];
  const logger = pino(
    { base: null },
    { write: (line: string) => log.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const server = await startServer({
    config: config(testConfig(dataDir)),
    apiKey,
    logger,
    api,
    dashboardFolder: options.dashboardFolder ?? dataDir,
    ...(options.clock && { clock: options.clock }),
  });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= server.stop());
  onTestFinished(stop);

  const call = async (method: string, route: string, { json, body, key = API_KEY, headers, ...rest }: Call = {}) => {
    const sent = new Headers(headers);
    if (key !== null && !sent.has(API_KEY_HEADER)) sent.set(API_KEY_HEADER, key);
    if (json !== undefined && !sent.has('Content-Type')) sent.set('Content-Type', 'application/json');
    const payload = json === undefined ? body : JSON.stringify(json);
    const response = await fetch(`${server.url}${route}`, {
      ...rest,
      method,
      headers: sent,
      ...(payload !== undefined && payload !== null && { body: payload }),
    });
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.startsWith('application/json') === true;
    const answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? (JSON.parse(text) as unknown) : undefined,
    };
    expectDocumented(method, route, answer);
    return answer;
  };
  return { url: server.url, createDashboardPath: () => server.createDashboardPath(), dataDir, log, call, stop };
};
