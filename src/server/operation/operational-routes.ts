// Routes for those who run the server: health, readiness, metrics, the document and its reference page.
import { Router, type Handler } from 'express';
import type { WarmpoolError } from '../../services/warmpool-error.ts';
import { allowMethods } from '../http/method-not-allowed.ts';
import { sendError, sendJson } from '../http/send.ts';
import type { Metrics } from './metrics.ts';
import { createReferencePage } from './reference-page.ts';

/** What /ready answers. Reasons are sentences for people. */
export type Readiness =
  | { readonly status: 'ready' | 'degraded'; readonly reasons: readonly string[] }
  | { readonly status: 'unready'; readonly error: WarmpoolError; readonly reasons: readonly string[] };

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
  const frozenDocument = Object.freeze(document);

  const exposeMetrics: Handler = async (_request, response) => {
    const text = await metrics.expose();
    response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text);
  };

  open.all('/health', onGet, (_request, response) => {
    sendJson(response, 200, HEALTHY);
  });
  open.all('/ready', onGet, (request, response) => {
    const answer = readiness();
    if (answer.status === 'unready') sendError(request, response, answer.error, { reasons: [...answer.reasons] });
    else sendJson(response, 200, answer);
  });
  open.all('/openapi.json', onGet, (_request, response) => {
    sendJson(response, 200, frozenDocument);
  });
  open.use('/docs', onGet, createReferencePage());
  (hasPublicMetrics ? open : keyed).all('/metrics', onGet, exposeMetrics);
  return { open, keyed };
};
