// Assembles a server from its configuration, and stops it in order.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { AnyRouter } from '@trpc/server';
import type { Express } from 'express';
import type { Logger } from 'pino';
import type { Readiness } from '../contract/health.ts';
import { STREAMS_MAX } from '../contract/limits.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { definedFields } from '../lib/json.ts';
import { appRouter } from '../router/app-router.ts';
import type { Runtime } from '../services/runtime.ts';
import { closeServices, createServices, type ServicePorts, type Services } from '../services/services.ts';
import { StartupError } from '../services/startup-error.ts';
import { WarmpoolError } from '../services/warmpool-error.ts';
import { createApp } from './app.ts';
import type { Config } from './config/settings.ts';
import { prepareClosing } from './http/close-connections.ts';
import { handleParserErrors } from './http/parser-errors.ts';
import { openRuntime } from './open-runtime.ts';
import { Metrics } from './operational/metrics.ts';
import { createRuntimeObserver } from './operational/runtime-metrics.ts';
import { createAccess } from './session/access.ts';
import type { ServerFacts } from './session/session-routes.ts';
import { VERSION } from './version.ts';

export type RunningServer = {
  /** `http://host:port`, with the actual port. */
  readonly url: string;
  /** Path of the dashboard: with a link that signs in once, for 10 minutes, if the runtime is local and the server has a key. */
  createDashboardPath(): string;
  /** Refuses new connections, lets running requests finish (10 s at most), then closes the store. May be called again. */
  stop(): Promise<void>;
};

/** Counted from the first byte of a head (in Node 18 and later), so an idle connection may stay open for longer. */
const HEAD_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 60_000;
const TIMEOUT_CHECK_MS = 1_000;
/** Connections that may wait to be accepted: after a restart all streams reconnect at once. The kernel has a limit of its own. */
const BACKLOG = STREAMS_MAX;

/** What a server serves: a router, and the services that its procedures call. */
export type Api = {
  readonly router: AnyRouter;
  readonly createServices: (ports: ServicePorts) => Services;
};

export const API: Api = { router: appRouter, createServices };

type StartOptions = {
  readonly config: Config;
  readonly apiKey: string | undefined;
  readonly logger: Logger;
  /** What the server serves. Default: the resources of Warmpool. */
  readonly api?: Api;
  /** The time of sessions and sign-in links. Default: the system's. */
  readonly clock?: Clock;
  /** Where the builds of the dashboard are. Default: where `npm run build:dashboard` writes them. */
  readonly dashboardFolder?: string;
};

const DASHBOARD_FOLDER = fileURLToPath(new URL('../dashboard/dist', import.meta.url));

/** Resolves when the server listens. */
export const startServer = async (options: StartOptions): Promise<RunningServer> => {
  const { config, apiKey, logger, api = API, clock = systemClock, dashboardFolder = DASHBOARD_FOLDER } = options;
  const access = apiKey === undefined ? undefined : createAccess(apiKey, clock);
  const metrics = new Metrics();
  // Bound before the runtime is opened, which discards members and ends claims: a start on a port in use changes nothing.
  const app = Promise.withResolvers<Express>();
  const server = createHttpServer(app.promise, config.server, logger);
  const closeConnections = prepareClosing(server);
  await listen(server, config.server);
  const runtime = await openRuntime(config, createRuntimeObserver(metrics, logger)).catch(async (error: unknown) => {
    app.reject(error);
    await closeConnections();
    throw error;
  });
  const services = api.createServices(runtime.ports);
  metrics.observeMembers(() => runtime.countMembers());
  metrics.observeStreams(() => services.stream.readerCount);
  let stopping: Promise<void> | undefined;

  const application = createApp({
    router: api.router,
    services,
    access,
    facts: factsOf(config, runtime),
    dashboardFolder,
    corsOrigins: config.server.corsOrigins,
    hasPublicMetrics: config.server.publicMetrics,
    metrics,
    logger,
    readiness: () => readinessOf(runtime),
    ageSeconds: () => runtime.ageSeconds(),
    isStopping: () => stopping !== undefined,
  });
  app.resolve(application);
  const closeStore = async () => {
    await closeServices(services);
    await closeConnections();
    await runtime.close();
  };
  return {
    url: urlOf(server, config.server.host),
    createDashboardPath: () =>
      access === undefined || config.runtime !== 'local' ? '/ui' : `/ui/sign-in#link=${access.links.create()}`,
    stop: () => (stopping ??= closeStore()),
  };
};

const factsOf = ({ runtime, local }: Config, { place }: Runtime): ServerFacts => ({
  runtime,
  ...(runtime === 'local' && { driver: local.driver }),
  ...(place && definedFields(place)),
  version: VERSION,
});

/** Requests that arrive before the application exists wait for it; their connections are closed if it cannot be created. */
const createHttpServer = (app: Promise<Express>, { keepAliveSeconds }: Config['server'], logger: Logger): Server => {
  const handle: RequestListener = (request, response) => {
    void app.then(
      (application) => {
        application(request, response);
      },
      () => response.destroy(),
    );
  };
  // Without requests, nobody else handles its rejection.
  app.catch(() => undefined);
  const server = createServer(
    {
      // Node adds `keepAliveTimeoutBuffer`: clients that respect the announced time never hit a connection that is being closed.
      keepAliveTimeout: keepAliveSeconds * 1_000,
      headersTimeout: HEAD_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      // Node's own response would have no request id: the application refuses a request without Host.
      requireHostHeader: false,
    },
    handle,
  );
  handleParserErrors(server, logger);
  // Other expectations than "100-continue" are ignored: Node's own 417 would have no request id.
  return server.on('checkExpectation', handle);
};

/** Throws, with 503, until the store has been read once. */
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
      const message =
        cause.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is in use. Choose another one with --port.`
          : `Cannot listen on ${host}:${port} (${cause.code ?? cause.message}). Check --host and --port.`;
      reject(new StartupError(message, { cause }));
    });
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });

const urlOf = (server: Server, host: string): string => {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};
