// Routes for operators: health, readiness, metrics, the OpenAPI document and its reference page.
import { readFileSync } from 'node:fs';
import { Router, type Handler } from 'express';
import type { Readiness } from '../../contract/health.ts';
import { CachedJson } from '../../lib/cached-json.ts';
import { getRoute } from '../http/get-route.ts';
import { sendJson } from '../http/send.ts';
import type { Metrics } from './metrics.ts';
import { referencePage } from './reference-page.ts';

type OperationalRoutesOptions = {
  readonly readiness: () => Readiness;
  readonly metrics: Metrics;
};

const HEALTHY = CachedJson.of({ status: 'healthy' });

const DOCUMENT_FILE = new URL('../../../openapi.generated.json', import.meta.url);
const DOCUMENT = CachedJson.of(JSON.parse(readFileSync(DOCUMENT_FILE, 'utf8')) as object);

const OPEN_PATHS: ReadonlySet<string> = new Set(['/', '/health', '/ready', '/openapi.json', '/docs', '/ui']);

/** Whether a path needs no key. Paths are matched whole; only /docs and /ui include what is below them. */
export const isOpenPath =
  ({ hasPublicMetrics }: { readonly hasPublicMetrics: boolean }) =>
  (path: string): boolean =>
    OPEN_PATHS.has(path) ||
    path.startsWith('/docs/') ||
    path.startsWith('/ui/') ||
    (hasPublicMetrics && path === '/metrics');

export const createOperationalRoutes = ({ readiness, metrics }: OperationalRoutesOptions): Router => {
  const routes = Router({ caseSensitive: true, strict: true });
  const get = (path: string, operation: string, handler: Handler) => {
    getRoute(routes, path, operation, handler);
  };

  get('/health', 'health', (_request, response) => {
    sendJson(response, 200, HEALTHY);
  });
  get('/ready', 'ready', (_request, response) => {
    sendJson(response, 200, readiness());
  });
  get('/openapi.json', 'openapi', (_request, response) => {
    sendJson(response, 200, DOCUMENT);
  });
  get('/metrics', 'metrics', async (_request, response) => {
    const text = await metrics.expose();
    response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text);
  });
  for (const [path, handler] of referencePage()) get(path, 'docs', handler);
  return routes;
};
