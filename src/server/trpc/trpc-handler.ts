// Serves the router to tRPC clients, with the limits and the checks that REST has.
import type { AnyRouter, TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import { Router, type Request, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { BATCH_MAX_CALLS } from '../../contract/limits.ts';
import { toErrorShape, toWarmpoolError } from '../../router/error-funnel.ts';
import { proceduresOf } from '../../router/procedures.ts';
import type { Context } from '../../router/trpc.ts';
import { invalidRequest, WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { logFailure, refuseMethod } from '../http/handle-errors.ts';
import { readJson, readJsonBody } from '../http/request-body.ts';
import { HEADER_OPTIONS, queryFields, type QueryParameters } from '../http/parameters.ts';

type TrpcOptions = {
  readonly router: AnyRouter;
  readonly contextOf: (request: Request) => Context;
  /** Age of what queries read, in seconds; undefined while it is current. */
  readonly ageSeconds: () => number | undefined;
  readonly logger: Logger;
};

/** The type of the router leaves the context open. */
type ResponseMetaInput = {
  readonly ctx?: Context | undefined;
  readonly type: string;
  readonly errors: readonly TRPCError[];
};

export const createTrpcHandler = ({ router, contextOf, ageSeconds, logger }: TrpcOptions): Router => {
  const handler = Router({ caseSensitive: true });
  handler.use(checkNames(proceduresOf(router)), checkParameters, readInput);
  handler.use(
    createExpressMiddleware({
      router,
      createContext: ({ req, info }) => ({ ...contextOf(req), isBatch: info.isBatchCall }),
      responseMeta: ({ ctx, type, errors }: ResponseMetaInput) => {
        const age = type === 'query' ? ageSeconds() : undefined;
        const waits = errors.flatMap((error) => toWarmpoolError(error).retryAfterSeconds ?? []);
        return {
          headers: {
            ...ctx?.responseHeaders,
            ...(age !== undefined && { Age: String(age) }),
            ...(waits.length > 0 && { 'Retry-After': String(Math.max(...waits)) }),
          },
        };
      },
      onError: ({ error, req }) => {
        const failure = toWarmpoolError(error);
        callOf(req).errorCode = failure.code;
        logFailure(logger, req, failure);
      },
    }),
  );
  return handler;
};

/** An error that is thrown before a procedure, in tRPC's envelope. */
export const toTrpcError = (error: WarmpoolError, requestId: string) => ({ error: toErrorShape(error, requestId) });

// tRPC's own errors have no request id before there is a context: what it would refuse then is refused here.

const PARAMETERS: QueryParameters = new Map(['input', 'batch', 'lastEventId'].map((name) => [name, 'string']));

const checkParameters: RequestHandler = ({ url, headers }, _response, next) => {
  const violations = [...queryFields(url, PARAMETERS).violations];
  // tRPC reads call options from the input: a condition in a header would not be applied.
  for (const { name, field, header } of HEADER_OPTIONS)
    if (headers[header] !== undefined)
      violations.push({ path: ['header', name], message: `is not supported over tRPC; send "${field}" in the input` });
  if (violations.length > 0) throw invalidRequest(violations);
  next();
};

/** Sets the operation for logs and metrics; refuses batches that are too large or mixed, and the wrong method. */
const checkNames = (procedures: ReturnType<typeof proceduresOf>): RequestHandler => {
  const typeOf = (name: string) => (Object.hasOwn(procedures, name) ? procedures[name]?._def.type : undefined);
  return (request, response, next) => {
    // Throws on invalid percent-encoding, whose error tRPC would send in another shape.
    const path = decodeURIComponent(request.path.slice(1));
    // tRPC would call the procedure named after the last slash.
    if (path.includes('/')) throw new WarmpoolError('REQUEST::NOT_FOUND', `No procedure found on path "${path}".`);
    const names = path.split(',');
    const isBatch = names.length > 1;
    const types = new Set(names.flatMap((name) => typeOf(name) ?? []));
    const call = callOf(request);
    call.operation = isBatch ? 'trpc.batch' : types.size > 0 ? path : 'none';
    call.isStream = !isBatch && types.has('subscription');
    if (names.length > BATCH_MAX_CALLS)
      throw malformed(`The batch has ${names.length} calls; the maximum is ${BATCH_MAX_CALLS}.`);
    if (isBatch && types.has('subscription'))
      throw malformed('Subscriptions cannot be batched; send each as its own request.');
    if (types.size > 1) throw malformed('A batch must not mix queries and mutations.');
    // HEAD is a GET whose body Node omits; the GET of a stream would not end.
    if (request.method === 'HEAD' && call.isStream) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end();
      return;
    }
    if (request.method === 'HEAD') request.method = 'GET';
    const allowed = types.size === 0 ? ['GET', 'POST'] : [types.has('mutation') ? 'POST' : 'GET'];
    if (allowed.includes(request.method)) next();
    else refuseMethod(allowed)(request, response, next);
  };
};

const malformed = (message: string) => new WarmpoolError('REQUEST::MALFORMED', message);

/** Checks the input as REST does, and passes the text of the body on to tRPC. */
const readInput: RequestHandler = async (request, _response, next) => {
  const body = await readJsonBody(request);
  if (body === undefined && request.method === 'POST')
    throw invalidRequest([{ path: [], message: 'a JSON body is required' }]);
  const { input } = request.query;
  // tRPC treats an empty input as absent.
  const json = body ?? (typeof input === 'string' && input !== '' ? readJson('input', input) : undefined);
  if (json !== undefined && json.violations.length > 0) throw invalidRequest(json.violations);
  if (body !== undefined) request.body = body.text;
  // tRPC accepts one media type as JSON, and would parse a query with another one as a form or a file.
  request.headers['content-type'] = 'application/json';
  next();
};
