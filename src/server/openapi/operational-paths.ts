// The operational routes in the document: they are no procedures, and stand at the root only.
import { z } from 'zod';
import type { ErrorCode } from '../../contract/errors.ts';
import { Health, Readiness } from '../../contract/health.ts';
import { errorResponses, REQUEST_ID } from './responses.ts';

const AT_ROOT = [{ url: '/' }];

const EVERYWHERE = [
  'REQUEST::MALFORMED',
  'REQUEST::TIMEOUT',
  'REQUEST::HEADERS_TOO_LARGE',
  'INTERNAL::ERROR',
  'SERVER::SHUTTING_DOWN',
] as const satisfies readonly ErrorCode[];

const KEYED = ['MISSING_API_KEY', 'INVALID_API_KEY'] as const satisfies readonly ErrorCode[];

type Route = {
  readonly operationId: string;
  readonly summary: string;
  readonly success: { readonly description: string; readonly mediaType: string; readonly schema: z.ZodType };
  readonly isKeyed?: boolean;
  readonly errors?: readonly ErrorCode[];
};

const get = ({ operationId, summary, success, isKeyed = false, errors = [] }: Route) => ({
  servers: AT_ROOT,
  get: {
    operationId,
    summary,
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

export const operationalPaths = {
  '/health': get({
    operationId: 'health',
    summary: 'Whether the process answers',
    success: { description: 'It does.', mediaType: JSON_TYPE, schema: Health },
  }),
  '/ready': get({
    operationId: 'ready',
    summary: 'Whether the server can serve requests',
    success: { description: 'It can.', mediaType: JSON_TYPE, schema: Readiness },
    errors: ['KUBERNETES::CRD_NOT_INSTALLED', 'KUBERNETES::NAMESPACE_NOT_FOUND', 'KUBERNETES::UNAVAILABLE'],
  }),
  '/metrics': get({
    operationId: 'metrics',
    summary: 'Metrics for Prometheus',
    success: { description: 'In the text format of Prometheus.', mediaType: 'text/plain', schema: z.string() },
    isKeyed: true,
  }),
  '/openapi.json': get({
    operationId: 'openapi',
    summary: 'This document',
    success: {
      description: 'An OpenAPI 3.1 document.',
      mediaType: JSON_TYPE,
      schema: z.record(z.string(), z.unknown()),
    },
  }),
};
