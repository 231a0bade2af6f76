// Serves the router to tRPC clients, with the limits and the error envelope that REST has in its own shape.
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import { Router, type Request, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { BATCH_MAX_CALLS } from '../../contract/limits.ts';
import { appRouter } from '../../router/app-router.ts';
import { toWarmpoolError } from '../../router/error-funnel.ts';
import type { Context } from '../../router/trpc.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';
import { callOf } from '../http/call.ts';
import { logFailure } from '../http/log-failure.ts';
import { refuseMethod } from '../http/method-not-allowed.ts';
import { checkJson, readJsonBody } from '../http/request-body.ts';

type TrpcOptions = {
  readonly contextOf: (request: Request) => Context;
  /** How old reads may be; undefined while they are not. */
  readonly ageSeconds: () => number | undefined;
  readonly logger: Logger;
};

export const createTrpcHandler = ({ contextOf, ageSeconds, logger }: TrpcOptions): Router => {
  const handler = Router({ caseSensitive: true });
  handler.use(nameOperation, refuseOtherMethods, readInput);
  handler.use(
    createExpressMiddleware({
      router: appRouter,
      createContext: ({ req }) => contextOf(req),
      responseMeta: ({ type }) => {
        const age = type === 'query' ? ageSeconds() : undefined;
        return age === undefined ? {} : { headers: { Age: String(age) } };
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

const refuse = refuseMethod(['GET', 'POST']);

const refuseOtherMethods: RequestHandler = (request, response, next) => {
  if (['GET', 'HEAD', 'POST'].includes(request.method)) next();
  else refuse(request, response, next);
};

/** Names the operation for logs and metrics, and refuses batches that are too long. */
const nameOperation: RequestHandler = (request, _response, next) => {
  // Throws on broken percent encoding, which tRPC's handler would answer in a shape of its own.
  const names = decodeURIComponent(request.path.slice(1)).split(',');
  const [name = ''] = names;
  const isKnown = names.length === 1 && Object.hasOwn(appRouter._def.procedures, name);
  callOf(request).operation = isKnown ? name : names.length > 1 ? 'trpc.batch' : 'none';
  if (names.length > BATCH_MAX_CALLS)
    throw new WarmpoolError(
      'REQUEST::MALFORMED',
      `A batch has at most ${BATCH_MAX_CALLS} calls; this one has ${names.length}.`,
    );
  next();
};

/** Checks the input as REST does, and leaves the text of the body to tRPC. */
const readInput: RequestHandler = async (request, _response, next) => {
  const body = await readJsonBody(request);
  if (body !== undefined) request.body = body.text;
  const { input } = request.query;
  if (typeof input === 'string') checkJson(parseLeniently(input));
  next();
};

/** Malformed JSON is left to tRPC, which knows the call that it belongs to. */
const parseLeniently = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
