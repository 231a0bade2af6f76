// The demo: a server on a scratch directory, four pools that behave differently, and callers that use them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createWarmpoolClient } from '../../src/client/index.ts';
import { POOLS } from './pools.ts';
import { keyFileOf, startServerProcess } from './server-process.ts';
import { generateTraffic } from './traffic.ts';

type DemoOptions = {
  /** Port of the server; 0 picks a free one. Default: 8080 if it is free, else any. */
  readonly port?: number | undefined;
  /** Demos with the same seed have the same character. Default 1. */
  readonly seed?: number | undefined;
};

export type Demo = {
  readonly url: string;
  readonly apiKey: string;
  readonly keyFile: string;
  /** Signs in once; undefined if the server does not print one. */
  readonly link: string | undefined;
  /** Resolves, with a sentence that says why, if the demo ends without `stop`. */
  readonly failed: Promise<string>;
  /** Stops the callers, then the server, and removes the scratch directory. */
  readonly stop: () => Promise<void>;
};

const PREFERRED_PORT = 8080;

/** How long a server that listens may take to print the sign-in link. */
const LINK_MS = 1_000;

/**
 * Resolves when the pools exist and the callers have started; members start after that. When the process exits before
 * `stop`, the server is killed and the directory removed. Rejects with the server's last lines if it does not start.
 */
export const startDemo = async ({ port, seed = 1 }: DemoOptions = {}): Promise<Demo> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warmpool-demo-'));
  await using cleanUp = new AsyncDisposableStack();
  const removeFolder = () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  cleanUp.defer(removeFolder);
  process.once('exit', removeFolder);
  cleanUp.defer(() => void process.off('exit', removeFolder));

  const server = await startServerProcess(folder, port ?? ((await isFree(PREFERRED_PORT)) ? PREFERRED_PORT : 0));
  // Before the folder is removed: listeners are called in order.
  process.prependOnceListener('exit', server.kill);
  cleanUp.defer(() => void process.off('exit', server.kill));
  cleanUp.defer(() => server.stop());

  const keyFile = keyFileOf(folder);
  const apiKey = readFileSync(keyFile, 'utf8').trim();
  const client = createWarmpoolClient({ url: server.url, apiKey });
  await Promise.all(Object.values(POOLS).map(({ behaviour: _, ...pool }) => client.pools.create.mutate(pool)));
  const stopping = new AbortController();
  const traffic = generateTraffic({ client, signal: stopping.signal }, seed);
  const trafficFailed = Promise.withResolvers<string>();
  const trafficEnded = traffic.catch((error: unknown) => {
    trafficFailed.resolve(
      `The callers have failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  });
  cleanUp.defer(async () => {
    stopping.abort();
    // A server that has ended releases nothing.
    await Promise.race([trafficEnded, server.ended]);
  });
  const link = await Promise.race([server.link, setTimeout(LINK_MS, undefined, { ref: false })]);
  const running = cleanUp.move();
  return {
    url: server.url,
    apiKey,
    keyFile,
    link,
    failed: Promise.race([server.ended, trafficFailed.promise]),
    stop: () => running.disposeAsync(),
  };
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => {
        resolve(false);
      })
      .listen(port, '127.0.0.1', () => {
        probe.close(() => {
          resolve(true);
        });
      });
  });
