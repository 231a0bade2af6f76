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
import { logFailure } from '../http/log-failure.ts';
import { refuseMethod } from '../http/method-not-allowed.ts';
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
  handler.use(refuseOtherMethods, checkParameters, checkNames(proceduresOf(router)), readInput);
  handler.use(
    createExpressMiddleware({
      router,
      createContext: ({ req }) => contextOf(req),
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

const refuse = refuseMethod(['GET', 'POST']);

const refuseOtherMethods: RequestHandler = (request, response, next) => {
  if (['GET', 'HEAD', 'POST'].includes(request.method)) next();
  else refuse(request, response, next);
};

const PARAMETERS: QueryParameters = new Map(
  ['input', 'batch', 'lastEventId'].map((field) => [field, { field, type: 'string' }]),
);

const checkParameters: RequestHandler = ({ url, headers }, _response, next) => {
  const violations = [...queryFields(url, PARAMETERS).violations];
  // tRPC reads call options from the input: a condition in a header would not be applied.
  for (const { name, field, header } of HEADER_OPTIONS)
    if (headers[header] !== undefined)
      violations.push({ path: ['header', name], message: `is not supported over tRPC; send "${field}" in the input` });
  if (violations.length > 0) throw invalidRequest(violations);
  next();
};

type Procedures = ReturnType<typeof proceduresOf>;
type ProcedureType = Procedures[string]['_def']['type'];

const methodOf = (type: ProcedureType | undefined): 'GET' | 'POST' | undefined =>
  type === 'mutation' ? 'POST' : type && 'GET';

/** Sets the operation for logs and metrics; refuses batches that are too large or mixed, and the wrong method. */
const checkNames = (procedures: Procedures): RequestHandler => {
  const typeOf = (name: string) => (Object.hasOwn(procedures, name) ? procedures[name]?._def.type : undefined);
  const isSubscription = (name: string) => typeOf(name) === 'subscription';
  return (request, response, next) => {
    // Throws on invalid percent-encoding, whose error tRPC would send in another shape.
    const path = decodeURIComponent(request.path.slice(1));
    // tRPC would call the procedure named after the last slash.
    if (path.includes('/')) throw new WarmpoolError('REQUEST::NOT_FOUND', `No procedure found on path "${path}".`);
    const names = path.split(',');
    const [name = ''] = names;
    const single = typeOf(name) === undefined ? 'none' : name;
    const call = callOf(request);
    call.operation = names.length > 1 ? 'trpc.batch' : single;
    call.isStream = isSubscription(single);
    if (names.length > 1 && names.some(isSubscription))
      throw new WarmpoolError('REQUEST::MALFORMED', 'Subscriptions cannot be batched; send each as its own request.');
    // HEAD is a GET whose body Node omits; the GET of a stream would not end.
    if (request.method === 'HEAD') {
      if (call.isStream) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end();
        return;
      }
      request.method = 'GET';
    }
    if (names.length > BATCH_MAX_CALLS)
      throw new WarmpoolError(
        'REQUEST::MALFORMED',
        `The batch has ${names.length} calls; the maximum is ${BATCH_MAX_CALLS}.`,
      );
    const [method, other] = new Set(names.flatMap((each) => methodOf(typeOf(each)) ?? []));
    if (other !== undefined)
      throw new WarmpoolError('REQUEST::MALFORMED', 'A batch must not mix queries and mutations.');
    if (method === undefined || method === request.method) next();
    else refuseMethod([method])(request, response, next);
  };
};

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
  // tRPC recognizes one media type of JSON, and treats a query with another one as a form or a file.
  request.headers['content-type'] = 'application/json';
  next();
};
