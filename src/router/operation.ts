// How an operation is declared: a tRPC procedure that REST serves as well, and what the OpenAPI document says of it.
import type { AnyProcedure, inferProcedureOutput } from '@trpc/server';
import type { z } from 'zod';
import type { ErrorCode } from '../contract/errors.ts';
import { procedure, type OperationMeta } from './trpc.ts';

type Operation = OperationMeta & {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the root and /v1, path parameters in braces. */
  readonly path: `/${string}`;
  /** Name of the operation in the OpenAPI document and in generated clients. */
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
};

/** Codes that everything that concerns pools can answer. */
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

/** A body is judged also where none is taken. */
const OF_BODIES = ['REQUEST::TOO_LARGE', 'REQUEST::UNSUPPORTED_MEDIA_TYPE'] as const satisfies readonly ErrorCode[];

/** Begins the procedure of an operation on pools. */
export const poolOperation = ({ method, path, operationId, summary, description, ...operation }: Operation) =>
  procedure.meta({
    openapi: { method, path, operationId, summary, description, tags: ['pools'], protect: true },
    operation: {
      ...operation,
      errors: [...EVERYWHERE, ...OF_BODIES, ...operation.errors],
    },
  });

/**
 * Says what a procedure answers, for the document, the types and the tests. The schema does not run on answers, as
 * `.output()` would make it: that costs more than the rest of a read (docs/adr/0002).
 */
export const answering = <Schema extends z.ZodType, Subject extends AnyProcedure>(
  schema: Schema,
  subject: inferProcedureOutput<Subject> extends z.infer<Schema> ? Subject : never,
): Subject => {
  Object.assign(subject._def, { output: schema });
  return subject;
};
