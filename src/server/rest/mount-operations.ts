// Serves the router's operations as REST. A thin adapter of our own; docs/adr/0001 says why.
import type { AnyRouter } from '@trpc/server';
import type { Express, Request, RequestHandler, Response } from 'express';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { toWarmpoolError } from '../../router/error-funnel.ts';
import type { Context } from '../../router/trpc.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { refuseMethod } from '../http/handle-errors.ts';
import { isKnown } from '../http/if-none-match.ts';
import { hasBody, readJsonBody, type JsonBody } from '../http/request-body.ts';
import { sendJson } from '../http/send.ts';
import { callProcedure } from './call-procedure.ts';
import { flatInput, restError } from './flat-input.ts';
import { hangUpSignal } from './hang-up-signal.ts';
import { readRoutes, type Route } from './route.ts';

type OperationOptions = {
  readonly router: AnyRouter;
  readonly contextOf: (request: Request) => Context;
  /** Age of reads in seconds; undefined while they are current. */
  readonly ageSeconds: () => number | undefined;
};

/** Serves every operation of the router, on the application itself: a router between them would cost each request. */
export const mountOperations = (app: Express, options: OperationOptions): void => {
  const routes = readRoutes(options.router);
  for (const base of ['', '/v1'] as const) {
    const served = base === '/v1' ? routes : routes.filter(({ meta }) => meta.isAtRoot);
    for (const [path, ofPath] of Map.groupBy(served, (route) => route.path)) {
      const resource = app.route(`${base}${path}`);
      for (const route of ofPath) resource[VERBS[route.method]](serve(route, base, options));
      resource.all(refuseMethod(ofPath.map(({ method }) => method)));
    }
  }
};

const VERBS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

const serve =
  (route: Route, base: string, { contextOf, ageSeconds }: OperationOptions): RequestHandler =>
  async (request, response) => {
    callOf(request).operation = route.operation;
    const body = hasBody(request) ? await readBody(route, request, response) : undefined;
    const input = flatInput(route, request, body);
    const age = route.type === 'query' ? ageSeconds() : undefined;
    if (age !== undefined) response.setHeader('Age', age);
    const { procedure, operation: path, type } = route;
    const ctx = contextOf(request);
    try {
      const output = await callProcedure(procedure, { ctx, input, path, type, signal: hangUpSignal(response) });
      respond(request, response, { route, base, output, headers: ctx.responseHeaders });
    } catch (error) {
      throw restError(toWarmpoolError(error));
    }
  };

const readBody = async (
  { method, meta }: Route,
  request: Request,
  response: Response,
): Promise<JsonBody | undefined> => {
  try {
    return await readJsonBody(request, meta.mediaTypes);
  } catch (error) {
    // RFC 5789, section 3.1: the response to a refused PATCH lists the media types that are accepted.
    if (method === 'PATCH' && error instanceof WarmpoolError && error.code === 'REQUEST::UNSUPPORTED_MEDIA_TYPE')
      response.setHeader('Accept-Patch', meta.mediaTypes?.join(', ') ?? 'application/json');
    throw error;
  }
};

type Success = {
  readonly route: Route;
  readonly base: string;
  readonly output: unknown;
  readonly headers: Record<string, string>;
};

/** Responds to a success: with its ETag, and without a body if the client already has this version. */
const respond = (request: Request, response: Response, { route, base, output, headers }: Success): void => {
  const { meta, method } = route;
  if (!isJsonObject(output)) {
    response.writeHead(meta.success, headers).end();
    return;
  }
  if (meta.isPreview?.(output) === true) {
    sendJson(response, 200, output, headers);
    return;
  }
  if (meta.location !== undefined) headers.Location = `${base}${fill(meta.location, output)}`;
  if (meta.etag !== undefined) {
    const tag = meta.etag(output);
    headers.ETag = tag;
    headers['Cache-Control'] = 'private, no-cache';
    if (method === 'GET' && isKnown(request.headers['if-none-match'], tag)) {
      response.writeHead(304, headers).end();
      return;
    }
  }
  sendJson(response, meta.success, output, headers);
};

/** Replaces the names in braces with fields of the output. */
const fill = (template: string, output: JsonObject): string =>
  template.replaceAll(/\{(\w+)\}/g, (_braces, field: string) => encodeURIComponent(String(output[field])));
