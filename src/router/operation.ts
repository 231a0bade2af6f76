// How an operation is declared: a tRPC procedure that REST serves as well, and what the OpenAPI document says about it.
import type { z } from 'zod';
import type { ErrorCode } from '../contract/errors.ts';
import { procedure, type OperationMeta } from './trpc.ts';

/** Metadata of an operation, with the functions on its output typed by the schema of the output. */
export type Operation<Output extends z.ZodType> = Omit<OperationMeta, 'output' | 'isPreview' | 'etag'> & {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below /v1, path parameters in braces. */
  readonly path: `/${string}`;
  /** Name of the operation in the OpenAPI document and in generated clients. */
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly output: Output;
  readonly isPreview?: (output: z.output<Output>) => boolean;
  readonly etag?: (output: z.output<Output>) => string;
};

export const POOLS_TAG = { name: 'pools', description: 'Pools, their members and their scaling decisions.' };

/** Error codes of every operation. */
export const EVERYWHERE = [
  'REQUEST::MALFORMED',
  'MISSING_API_KEY',
  'INVALID_API_KEY',
  'REQUEST::TIMEOUT',
  'REQUEST::INVALID',
  'REQUEST::HEADERS_TOO_LARGE',
  'KUBERNETES::FORBIDDEN',
  'KUBERNETES::THROTTLED',
  'KUBERNETES::POOL_API_ERROR',
  'INTERNAL::ERROR',
  'KUBERNETES::POOL_NOT_SUPPORTED',
  'SERVER::SHUTTING_DOWN',
  'KUBERNETES::CRD_NOT_INSTALLED',
  'KUBERNETES::NAMESPACE_NOT_FOUND',
  'KUBERNETES::UNAVAILABLE',
  'KUBERNETES::TIMEOUT',
] as const satisfies readonly ErrorCode[];

/** A body is checked even where the operation has none. */
const OF_BODIES = ['REQUEST::TOO_LARGE', 'REQUEST::UNSUPPORTED_MEDIA_TYPE'] as const satisfies readonly ErrorCode[];

/** Starts the procedure of an operation; `.input()` and its resolver follow. The errors of every operation are added. */
export const operation = <Output extends z.ZodType>(declared: Operation<Output>) => {
  const { method, path, operationId, summary, description, ...rest } = declared;
  const started = procedure.meta({
    openapi: { method, path, operationId, summary, description, tags: [rest.tag.name], protect: true },
    operation: { ...rest, errors: [...EVERYWHERE, ...OF_BODIES, ...rest.errors] },
  });
  // The types of `.output(schema)`, without its parsing of every output.
  return started as unknown as ReturnType<typeof procedure.output<Output>>;
};
