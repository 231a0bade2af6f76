// Routes for those who run the server: health, readiness, metrics, the document and its reference page.
import { Router, type Handler } from 'express';
import type { Readiness } from '../../contract/operation.ts';
import { callOf } from '../http/call.ts';
import { allowMethods } from '../http/method-not-allowed.ts';
import { sendJson } from '../http/send.ts';
import type { Metrics } from './metrics.ts';
import { createReferencePage } from './reference-page.ts';

type OperationalRoutesOptions = {
  readonly document: object;
  readonly readiness: () => Readiness;
  readonly metrics: Metrics;
  /** Whether /metrics needs no key. */
  readonly hasPublicMetrics: boolean;
};

const HEALTHY = Object.freeze({ status: 'healthy' });

/** The routes that need no key, and those that do. Paths are matched whole. */
export const createOperationalRoutes = (options: OperationalRoutesOptions): { open: Router; keyed: Router } => {
  const { document, readiness, metrics, hasPublicMetrics } = options;
  const open = Router({ caseSensitive: true, strict: true });
  const keyed = Router({ caseSensitive: true, strict: true });
  const onGet = allowMethods(['GET']);
  const named =
    (operation: string): Handler =>
    (request, _response, next) => {
      callOf(request).operation = operation;
      next();
    };
  const frozenDocument = Object.freeze(document);

  const exposeMetrics: Handler = async (_request, response) => {
    const text = await metrics.expose();
    response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text);
  };

  open.all('/health', named('health'), onGet, (_request, response) => {
    sendJson(response, 200, HEALTHY);
  });
  open.all('/ready', named('ready'), onGet, (_request, response) => {
    sendJson(response, 200, readiness());
  });
  open.all('/openapi.json', named('openapi'), onGet, (_request, response) => {
    sendJson(response, 200, frozenDocument);
  });
  open.use('/docs', named('docs'), onGet, createReferencePage());
  (hasPublicMetrics ? open : keyed).all('/metrics', named('metrics'), onGet, exposeMetrics);
  return { open, keyed };
};
