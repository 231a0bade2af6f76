// What the audit log keeps of a write. The transport adds who made it: the request id and a hash that names the key.
import type { Pool } from '../services/pools/pool.ts';

export type AuditEntry = {
  readonly operation: string;
  readonly pool: string;
  readonly uid: string;
  /** Absent when the pool was made. */
  readonly fromGeneration?: number;
  /** Absent when the pool was deleted. */
  readonly toGeneration?: number;
};

/** The entry of a write that found `before` and left `after`. */
export const auditEntry = (operation: string, { before, after }: { before?: Pool; after?: Pool }): AuditEntry => ({
  operation,
  pool: (after ?? before)?.name ?? '',
  uid: (after ?? before)?.uid ?? '',
  ...(before && { fromGeneration: before.generation }),
  ...(after && { toGeneration: after.generation }),
});
