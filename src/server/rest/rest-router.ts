// Serves the router's operations as REST. A thin adapter of our own: docs/adr/0001 says why it is not the library's.
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { appRouter } from '../../router/app-router.ts';
import { toWarmpoolError } from '../../router/error-funnel.ts';
import type { Context } from '../../router/trpc.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { allowMethods } from '../http/method-not-allowed.ts';
import { sendJson } from '../http/send.ts';
import { flatInput, restError } from './flat-input.ts';
import { readRoutes, type Route } from './route.ts';

/** An Express router with every operation; mount it wherever the operations shall be. */
export const createRestRouter = (contextOf: (request: Request) => Context): Router => {
  const rest = Router({ caseSensitive: true });
  const byPath = Map.groupBy(readRoutes(appRouter), ({ path }) => path);
  for (const [path, routes] of byPath) {
    rest.all(path, allowMethods(routes.map(({ method }) => method)));
    for (const route of routes) rest[methodName(route)](path, serve(route, contextOf));
  }
  return rest;
};

const methodName = ({ method }: Route) => {
  switch (method) {
    case 'GET':
      return 'get';
    case 'POST':
      return 'post';
    case 'PUT':
      return 'put';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
  }
};

const serve =
  (route: Route, contextOf: (request: Request) => Context): RequestHandler =>
  async (request, response) => {
    callOf(request).operation = route.operation;
    const input = await flatInput(route, request).catch((error: unknown) => {
      nameMediaTypes(route, response, error);
      throw error;
    });
    const answer = await call(route, input, contextOf(request));
    send(response, route, answer);
  };

/** RFC 5789, section 3.1: a refused PATCH tells the media types that would do. */
const nameMediaTypes = ({ method, meta }: Route, response: Response, error: unknown): void => {
  if (method === 'PATCH' && error instanceof WarmpoolError && error.code === 'REQUEST::UNSUPPORTED_MEDIA_TYPE')
    response.setHeader('Accept-Patch', meta.mediaTypes?.join(', ') ?? 'application/json');
};

const call = async ({ procedure, operation, type }: Route, input: unknown, ctx: Context): Promise<unknown> => {
  try {
    const getRawInput = () => Promise.resolve(input);
    return await procedure({ ctx, getRawInput, path: operation, type, signal: undefined, batchIndex: 0 });
  } catch (error) {
    throw restError(toWarmpoolError(error));
  }
};

const send = (response: Response, { meta }: Route, answer: unknown): void => {
  if (typeof answer === 'object' && answer !== null) sendJson(response, meta.success, answer);
  else response.writeHead(meta.success).end();
};
