// Serves the router's operations as REST. A thin adapter of our own: docs/adr/0001 says why it is not the library's.
import type { OutgoingHttpHeaders } from 'node:http';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { PoolList, PoolResponse } from '../../contract/pool.ts';
import { appRouter } from '../../router/app-router.ts';
import { toWarmpoolError } from '../../router/error-funnel.ts';
import type { Context } from '../../router/trpc.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { refuseMethod } from '../http/method-not-allowed.ts';
import { hasBody, readJsonBody, type JsonBody } from '../http/request-body.ts';
import { sendJson } from '../http/send.ts';
import { callProcedure } from './call-procedure.ts';
import { flatInput, restError } from './flat-input.ts';
import { readRoutes, type Route } from './route.ts';
import { isKnown, tagOf } from './versions.ts';

type OperationOptions = {
  readonly contextOf: (request: Request) => Context;
  /** How old reads may be; undefined while they are not. */
  readonly ageSeconds: () => number | undefined;
};

/** Serves every operation of the router below `base`, on the application itself: a router between them costs each request. */
export const mountOperations = (app: Express, base: '' | '/v1', options: OperationOptions): void => {
  const byPath = Map.groupBy(readRoutes(appRouter), ({ path }) => path);
  for (const [path, routes] of byPath) {
    const resource = app.route(`${base}${path}`);
    for (const route of routes) resource[methodName(route)](serve(route, base, options));
    resource.all(refuseMethod(routes.map(({ method }) => method)));
  }
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
  (route: Route, base: string, { contextOf, ageSeconds }: OperationOptions): RequestHandler =>
  async (request, response) => {
    callOf(request).operation = route.operation;
    let body: JsonBody | undefined;
    try {
      if (hasBody(request)) body = await readJsonBody(request, route.meta.mediaTypes);
    } catch (error) {
      nameMediaTypes(route, response, error);
      throw error;
    }
    const input = flatInput(route, request, body);
    const age = route.type === 'query' ? ageSeconds() : undefined;
    if (age !== undefined) response.setHeader('Age', age);
    const answer = await call(route, input, contextOf(request));
    if (!isObject(answer)) response.writeHead(route.meta.success).end();
    else if (input.dryRun === true) sendJson(response, 200, answer);
    else send(request, response, { route, base, answer });
  };

/** RFC 5789, section 3.1: a refused PATCH tells the media types that would do. */
const nameMediaTypes = ({ method, meta }: Route, response: Response, error: unknown): void => {
  if (method === 'PATCH' && error instanceof WarmpoolError && error.code === 'REQUEST::UNSUPPORTED_MEDIA_TYPE')
    response.setHeader('Accept-Patch', meta.mediaTypes?.join(', ') ?? 'application/json');
};

const call = async ({ procedure, operation, type }: Route, input: unknown, ctx: Context): Promise<unknown> => {
  try {
    return await callProcedure(procedure, { ctx, input, path: operation, type });
  } catch (error) {
    throw restError(toWarmpoolError(error));
  }
};

const isObject = (answer: unknown): answer is object => typeof answer === 'object' && answer !== null;

type Success = { readonly route: Route; readonly base: string; readonly answer: object };

/** Answers a success with a body: with its version, and without the body where the reader has it already. */
const send = (request: Request, response: Response, { route, base, answer }: Success): void => {
  const { success, isVersioned = false, location } = route.meta;
  const headers: OutgoingHttpHeaders = {};
  if (location !== undefined) headers.Location = `${base}${fill(location, answer)}`;
  if (isVersioned) {
    // An operation with this mark answers pools or lists of them.
    const tag = tagOf(answer as PoolResponse | PoolList);
    headers.ETag = tag;
    headers['Cache-Control'] = 'private, no-cache';
    if (route.method === 'GET' && isKnown(request.headers['if-none-match'], tag)) {
      response.writeHead(304, headers).end();
      return;
    }
  }
  sendJson(response, success, answer, headers);
};

/** Puts members of the answer in place of their names in braces. */
const fill = (template: string, answer: object): string =>
  template.replaceAll(/\{(\w+)\}/g, (_braces, member: string) =>
    encodeURIComponent(String(answer[member as keyof typeof answer])),
  );
