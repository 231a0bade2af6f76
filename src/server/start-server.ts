// Puts a server together from its configuration, and takes it apart again in order.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { STREAMS_MAX } from '../contract/limits.ts';
import { systemClock } from '../lib/clock.ts';
import { createDriver } from '../services/local/create-driver.ts';
import { openLocalRuntime } from '../services/local/local-runtime.ts';
import { poollessRuntime, type Runtime } from '../services/runtime.ts';
import { WarmpoolError } from '../services/warmpool-error.ts';
import { createApp } from './app.ts';
import type { Config } from './config/config.ts';
import { prepareClosing } from './http/close-connections.ts';
import { answerParserErrors } from './http/parser-errors.ts';
import { createDocument } from './openapi/document.ts';
import { Metrics } from './operational/metrics.ts';
import type { Readiness } from '../contract/health.ts';
import { VERSION } from './version.ts';

export type RunningServer = {
  /** `http://host:port`, the port being the one that was really taken. */
  readonly url: string;
  /** Takes no new connections, lets running requests finish (10 s at most), then closes the store. May be called again. */
  stop(): Promise<void>;
};

const HEAD_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 60_000;
const TIMEOUT_CHECK_MS = 1_000;
/** Connections that may wait to be accepted: all streams of a server that was restarted come back at once. The kernel's own bound counts, too. */
const BACKLOG = STREAMS_MAX;

type StartOptions = { readonly config: Config; readonly apiKey: string | undefined; readonly logger: Logger };

/** Resolves when the server listens. */
export const startServer = async ({ config, apiKey, logger }: StartOptions): Promise<RunningServer> => {
  const metrics = new Metrics();
  const runtime = await openRuntime(config, metrics, logger);
  metrics.observeMembers(() => runtime.countMembers());
  metrics.observeStreams(() => runtime.stream.readerCount);
  let stopping: Promise<void> | undefined;

  const app = createApp({
    pools: runtime.pools,
    stream: runtime.stream,
    document: createDocument(VERSION),
    apiKey,
    corsOrigins: config.server.corsOrigins,
    hasPublicMetrics: config.server.publicMetrics,
    metrics,
    logger,
    readiness: () => readinessOf(runtime),
    ageSeconds: () => runtime.ageSeconds(),
    isStopping: () => stopping !== undefined,
  });
  const server = createServer(
    {
      headersTimeout: HEAD_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      // Its own answer would have no request id: the application refuses a request without Host.
      requireHostHeader: false,
    },
    app,
  );
  const closeConnections = prepareClosing(server);
  answerParserErrors(server, logger);
  // An expectation that is not "100-continue" is ignored instead of answered with a 417 that has no request id.
  server.on('checkExpectation', app);

  try {
    await listen(server, config.server);
  } catch (error) {
    await runtime.close();
    throw error;
  }
  return {
    url: urlOf(server, config.server.host),
    stop: () => (stopping ??= shutDown(closeConnections, runtime)),
  };
};

const openRuntime = async (config: Config, metrics: Metrics, logger: Logger): Promise<Runtime> => {
  switch (config.runtime) {
    case 'local':
      return openLocalRuntime({
        dataDir: config.local.dataDir,
        createDriver: createDriver(config.local),
        clock: systemClock,
        onWrite: (call, isDone, seconds) => {
          metrics.observeWrite(call, isDone, seconds);
        },
        onStep: (created, removed) => {
          metrics.observeStep(created, removed);
        },
        onStepError: (poolUid, err, retryMs) => {
          metrics.observeFailure();
          logger.error({ poolUid, err, retryMs }, 'a scaling step failed');
        },
        onDriverError: (poolUid, err, retryMs) => {
          logger.error({ poolUid, err, retryMs }, 'the driver could not change a member');
        },
      });
    case 'docker':
      return poollessRuntime(
        'The runtime "docker" of this configuration has no pools: use runtime local, driver docker (in a later version; until then the driver simulated).',
      );
    case 'kubernetes': {
      // It brings a large library: only who needs it waits for it.
      const { openKubernetesRuntime } = await import('../services/kubernetes/kubernetes-runtime.ts');
      return openKubernetesRuntime({
        ...config.kubernetes,
        clock: systemClock,
        onWrite: (call, isDone, seconds) => {
          metrics.observeWrite(call, isDone, seconds);
        },
        onCall: (verb, code, seconds) => {
          metrics.observeCall(verb, code, seconds);
        },
        onCluster: (cluster, namespace) => {
          logger.info({ cluster, namespace }, `pools are in the namespace "${namespace}" of ${cluster}`);
        },
        onContact: (problem) => {
          if (problem) logger.warn({ code: problem.code }, `out of touch: ${problem.message}`);
          else logger.info('in touch with the Kubernetes API server');
        },
      });
    }
  }
};

/** Throws, with 503, until the store was read once. */
const readinessOf = (runtime: Runtime): Readiness => {
  const { notReady } = runtime;
  if (notReady)
    throw new WarmpoolError(notReady.status === 503 ? notReady.code : 'KUBERNETES::UNAVAILABLE', notReady.message, {
      reasons: [notReady.message],
    });
  const reasons = runtime.problems();
  return { status: reasons.length === 0 ? 'ready' : 'degraded', reasons: [...reasons] };
};

const listen = (server: Server, { host, port }: Config['server']): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'another process listens there: choose another --port' : cause.message;
      reject(new Error(`Cannot listen on ${host}:${port}: ${why}.`, { cause }));
    });
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });

const urlOf = (server: Server, host: string): string => {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

const shutDown = async (closeConnections: () => Promise<void>, runtime: Runtime): Promise<void> => {
  await runtime.stream.close();
  await closeConnections();
  await runtime.close();
};
