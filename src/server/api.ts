// What a server serves: a router, and the services that its procedures call.
import type { AnyRouter } from '@trpc/server';
import { appRouter } from '../router/app-router.ts';
import type { PoolPorts } from '../services/pools/pool-service.ts';
import { createServices, type Services } from '../services/services.ts';

export type Api = {
  readonly router: AnyRouter;
  readonly createServices: (ports: PoolPorts) => Services;
};

export const API: Api = { router: appRouter, createServices };
