// The operational routes in the document: they are not procedures, and are served at the root only.
import { z } from 'zod';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { Health, Readiness } from '../../src/contract/health.ts';
import { errorResponses, REQUEST_ID } from './responses.ts';
import { refTo } from './schemas.ts';

const EVERYWHERE = [
  'REQUEST::MALFORMED',
  'REQUEST::TIMEOUT',
  'REQUEST::HEADERS_TOO_LARGE',
  'INTERNAL::ERROR',
  'SERVER::SHUTTING_DOWN',
] as const satisfies readonly ErrorCode[];

const KEYED = ['MISSING_API_KEY', 'INVALID_API_KEY'] as const satisfies readonly ErrorCode[];

type OperationalRoute = {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly success: { readonly description: string; readonly mediaType: string; readonly schema: object };
  readonly isKeyed?: boolean;
  readonly errors?: readonly ErrorCode[];
};

const get = ({ operationId, summary, description, success, isKeyed = false, errors = [] }: OperationalRoute) => ({
  get: {
    operationId,
    summary,
    description,
    tags: ['operation'],
    security: isKeyed ? [{ apiKey: [] }] : [],
    responses: {
      '200': {
        description: success.description,
        headers: REQUEST_ID,
        content: { [success.mediaType]: { schema: success.schema } },
      },
      ...errorResponses([...(isKeyed ? KEYED : []), ...EVERYWHERE, ...errors]),
    },
  },
});

const JSON_TYPE = 'application/json';

const OpenApiDocument = z
  .record(z.string(), z.unknown())
  .meta({ id: 'OpenApiDocument', description: 'An OpenAPI document.' });

export const operationalPaths = {
  '/health': get({
    operationId: 'getHealth',
    summary: 'Check liveness',
    description: 'Liveness probe: succeeds while the process is alive.',
    success: { description: 'The process is alive.', mediaType: JSON_TYPE, schema: refTo(Health) },
  }),
  '/ready': get({
    operationId: 'getReadiness',
    summary: 'Check readiness',
    description: 'Readiness probe: succeeds while the server can serve requests; an error lists the reasons.',
    success: { description: 'The server can serve requests.', mediaType: JSON_TYPE, schema: refTo(Readiness) },
    errors: ['KUBERNETES::CRD_NOT_INSTALLED', 'KUBERNETES::NAMESPACE_NOT_FOUND', 'KUBERNETES::UNAVAILABLE'],
  }),
  '/metrics': get({
    operationId: 'getMetrics',
    summary: 'Get metrics',
    description: 'Metrics for Prometheus. If the server is configured with public metrics, no API key is required.',
    success: {
      description: 'Metrics in the Prometheus text format.',
      mediaType: 'text/plain',
      schema: { type: 'string' },
    },
    isKeyed: true,
  }),
  '/openapi.json': get({
    operationId: 'getOpenApiDocument',
    summary: 'Get this document',
    description: 'OpenAPI document of this version of the server.',
    success: {
      description: 'An OpenAPI 3.1 document.',
      mediaType: JSON_TYPE,
      schema: refTo(OpenApiDocument),
    },
  }),
};
