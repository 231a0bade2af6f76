// tRPC set up for Warmpool: what a call knows (context), what is said of an operation (meta), what an error looks like.
import { initTRPC } from '@trpc/server';
import type { OpenApiMeta } from 'trpc-to-openapi';
import type { z } from 'zod';
import type { ErrorCode } from '../contract/errors.ts';
import { HEARTBEAT_MS } from '../contract/limits.ts';
import type { PoolUseCases } from '../services/pools/pool-service.ts';
import type { StreamUseCases } from '../services/stream/pool-stream.ts';
import type { WriteNotes } from './audit.ts';
import { toErrorShape, toWarmpoolError } from './error-funnel.ts';

/** What every call knows. Made by the transport. */
export type Context = WriteNotes & {
  readonly pools: PoolUseCases;
  readonly stream: Pick<StreamUseCases, 'open'>;
  readonly requestId: string;
  /** Names who calls: a short hash of the API key. */
  readonly caller: string;
};

/** What the OpenAPI document and the REST adapter need to know of an operation, besides trpc-to-openapi's own metadata. */
export type OperationMeta = {
  /** Status of a success. 204 has no body. */
  readonly success: 200 | 201 | 204;
  /** Where what was made is found, below the place where it was made: members of the answer in braces. */
  readonly location?: `/${string}`;
  /** The body of a request as the document names it; absent: the operation takes none. */
  readonly body?: z.ZodObject;
  /** Media types of the body, the preferred one first. Default: application/json. */
  readonly mediaTypes?: readonly string[];
  /** Whether answers have an ETag, and reads may ask whether theirs is still the present one. */
  readonly isVersioned?: boolean;
  /** Codes that it can answer, besides those that every operation can. */
  readonly errors: readonly ErrorCode[];
};

export type Meta = OpenApiMeta<{ readonly operation: OperationMeta }>;

const trpc = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    // Never a stack on the wire, whatever NODE_ENV says.
    isDev: false,
    sse: {
      ping: { enabled: true, intervalMs: HEARTBEAT_MS },
      client: { reconnectAfterInactivityMs: 3 * HEARTBEAT_MS },
    },
    errorFormatter: ({ error, ctx }) => toErrorShape(toWarmpoolError(error), ctx?.requestId ?? ''),
  });

export const { router, procedure } = trpc;
