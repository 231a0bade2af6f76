// tRPC for Warmpool: what a procedure knows about its call (context), what an operation declares (meta), how errors are formatted.
import { initTRPC } from '@trpc/server';
import type { OpenApiMeta } from 'trpc-to-openapi';
import type { z } from 'zod';
import type { ErrorCode } from '../contract/errors.ts';
import { HEARTBEAT_MS } from '../contract/limits.ts';
import type { Services } from '../services/services.ts';
import { toErrorShape, toWarmpoolError } from './error-funnel.ts';

/** What the transport knows about a call. */
export type CallContext = {
  readonly requestId: string;
  /** Identifies the client: a short hash of its API key. */
  readonly caller: string;
  /** Whether the call is part of a tRPC batch, whose response waits for all of its calls. */
  readonly isBatch: boolean;
  /** Headers that the transport adds to the response. */
  readonly responseHeaders: Record<string, string>;
  /** Writes a line of the audit log, together with the request id and the hash of the key. */
  readonly audit: (entry: Readonly<Record<string, string | number | undefined>>) => void;
};

export type Context = Services & CallContext;

/** What the REST adapter and the OpenAPI document need to know about an operation, in addition to trpc-to-openapi's own metadata. */
export type OperationMeta = {
  readonly tag: { readonly name: string; readonly description: string };
  /** Whether the operation is also served at the root. Default: only under /v1. */
  readonly isAtRoot?: boolean;
  /** Status of a success. 204 has no body. */
  readonly success: 200 | 201 | 204;
  /** What the operation returns. For the document and the types; never run: docs/adr/0002. */
  readonly output: z.ZodType;
  /** Whether an output is that of a dry run: it is sent with 200, and has no ETag and no Location. */
  isPreview?(output: unknown): boolean;
  /** ETag of an output. Absent: responses have none, and reads are not conditional. */
  etag?(output: unknown): string;
  /** Path of the created resource below the base path of the request, with fields of the output in braces. */
  readonly location?: `/${string}`;
  /** The body of a request as the document names it. Absent: the operation has none. */
  readonly body?: z.ZodObject;
  /** Whether a request may have no body, which is then `{}`. Default false. */
  readonly isBodyOptional?: boolean;
  /** Media types of the body, the preferred one first. Default: application/json. */
  readonly mediaTypes?: readonly string[];
  /** Every error code that the operation can respond with. */
  readonly errors: readonly ErrorCode[];
  /** A second route of the operation, below /v1, where a path parameter sets an optional field of the input. */
  readonly alsoAt?: SecondRoute;
};

type SecondRoute = {
  readonly path: `/${string}`;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Error codes in addition to those of the operation. */
  readonly errors: readonly ErrorCode[];
};

export type Meta = OpenApiMeta<{ readonly operation: OperationMeta }>;

const trpc = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    // Stack traces are never sent, whatever NODE_ENV is.
    isDev: false,
    sse: {
      ping: { enabled: true, intervalMs: HEARTBEAT_MS },
      client: { reconnectAfterInactivityMs: 3 * HEARTBEAT_MS },
    },
    errorFormatter: ({ error, ctx }) => toErrorShape(toWarmpoolError(error), ctx?.requestId ?? ''),
  });

export const { router, procedure } = trpc;
