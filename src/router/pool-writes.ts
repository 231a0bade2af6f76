// What a write of a pool reports besides its output: a line of the audit log, or a header for a replay.
import type { Written } from '../services/pools/pool-service.ts';
import type { CallContext } from './trpc.ts';

/** Reports a write. A dry run writes nothing, so there is nothing to report. */
export const reportWrite = (ctx: CallContext, operation: string, { before, after, plan, isReplay }: Written): void => {
  const pool = after ?? before;
  if (isReplay === true) ctx.responseHeaders['Idempotency-Replayed'] = 'true';
  else if (plan === undefined)
    ctx.audit({
      operation,
      pool: pool?.name,
      uid: pool?.uid,
      // Undefined when the pool was created or deleted.
      fromGeneration: before?.generation,
      toGeneration: after?.generation,
    });
};
