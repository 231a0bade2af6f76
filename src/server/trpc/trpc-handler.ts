// Serves the router to tRPC clients, with the limits and the error envelope that REST has in its own shape.
import type { AnyRouter, TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import { Router, type Request, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { BATCH_MAX_CALLS } from '../../contract/limits.ts';
import { parseJson } from '../../lib/json.ts';
import { toWarmpoolError } from '../../router/error-funnel.ts';
import { proceduresOf } from '../../router/procedures.ts';
import type { Context } from '../../router/trpc.ts';
import { invalidRequest, WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { logFailure } from '../http/log-failure.ts';
import { refuseMethod } from '../http/method-not-allowed.ts';
import { judgeJson, readJsonBody } from '../http/request-body.ts';
import { HEADER_OPTIONS } from '../http/parameters.ts';

type TrpcOptions = {
  readonly router: AnyRouter;
  readonly contextOf: (request: Request) => Context;
  /** How old reads may be; undefined while they are not. */
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

// What tRPC itself would refuse before it has a context, and so without the request's id, is refused here.

const refuse = refuseMethod(['GET', 'POST']);

const refuseOtherMethods: RequestHandler = (request, response, next) => {
  if (['GET', 'HEAD', 'POST'].includes(request.method)) next();
  else refuse(request, response, next);
};

const PARAMETERS: ReadonlySet<string> = new Set(['input', 'batch', 'lastEventId']);

const checkParameters: RequestHandler = ({ query, headers }, _response, next) => {
  const violations = Object.entries(query).flatMap(([name, value]) => {
    const path = ['query', name];
    if (!PARAMETERS.has(name)) return [{ path, message: 'unknown query parameter; known: input, batch, lastEventId' }];
    return typeof value === 'string' ? [] : [{ path, message: 'is given more than once' }];
  });
  // Call options are members of the input here: a header would be a condition that nobody checks.
  for (const { name, field, header } of HEADER_OPTIONS)
    if (headers[header] !== undefined)
      violations.push({ path: ['header', name], message: `is not supported here; send "${field}" in the input` });
  if (violations.length > 0) throw invalidRequest(violations);
  next();
};

type Procedures = ReturnType<typeof proceduresOf>;

const methodOf = (procedures: Procedures, name: string): string | undefined => {
  if (!Object.hasOwn(procedures, name)) return undefined;
  return procedures[name]?._def.type === 'mutation' ? 'POST' : 'GET';
};

const isSubscription = (procedures: Procedures, name: string): boolean =>
  methodOf(procedures, name) !== undefined && procedures[name]?._def.type === 'subscription';

/** Names the operation for logs and metrics; refuses batches that are too long or mixed, and the wrong method. */
const checkNames =
  (procedures: Procedures): RequestHandler =>
  (request, response, next) => {
    // Throws on broken percent encoding, which tRPC's handler would answer in a shape of its own.
    const path = decodeURIComponent(request.path.slice(1));
    // tRPC would take what stands behind the last slash.
    if (path.includes('/')) throw new WarmpoolError('REQUEST::NOT_FOUND', `No procedure found on path "${path}".`);
    const names = path.split(',');
    const [name = ''] = names;
    const single = methodOf(procedures, name) === undefined ? 'none' : name;
    const call = callOf(request);
    call.operation = names.length > 1 ? 'trpc.batch' : single;
    call.isStream = isSubscription(procedures, single);
    if (names.length > 1 && names.some((each) => isSubscription(procedures, each)))
      throw new WarmpoolError(
        'REQUEST::MALFORMED',
        'A subscription is no part of a batch: it has a request of its own.',
      );
    // A HEAD is answered as a GET whose body Node leaves out; a stream has no end that it could wait for.
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
        `A batch has at most ${BATCH_MAX_CALLS} calls; this one has ${names.length}.`,
      );
    const [method, other] = new Set(names.flatMap((each) => methodOf(procedures, each) ?? []));
    if (other !== undefined)
      throw new WarmpoolError('REQUEST::MALFORMED', 'A batch has queries or mutations, not both.');
    if (method === undefined || method === request.method) next();
    else refuseMethod([method])(request, response, next);
  };

/** Checks the input as REST does, and leaves the text of the body to tRPC. */
const readInput: RequestHandler = async (request, _response, next) => {
  const body = await readJsonBody(request);
  if (body === undefined && request.method === 'POST')
    throw invalidRequest([{ path: [], message: 'a JSON body is required' }]);
  const { input } = request.query;
  // Malformed JSON is left to tRPC, which knows the call that it belongs to.
  const { violations } = body ?? (typeof input === 'string' ? judgeJson(input, parseJson(input)) : NOTHING);
  if (violations.length > 0) throw invalidRequest(violations);
  if (body !== undefined) {
    request.body = body.text;
    request.headers['content-type'] = 'application/json';
  }
  next();
};

const NOTHING = { violations: [] };
