// What the audit log keeps of a write. The transport adds who made it: the request id and a hash that names the key.
import type { Written } from '../services/pools/pool-service.ts';

type AuditEntry = {
  readonly operation: string;
  readonly pool: string;
  readonly uid: string;
  /** Absent when the pool was made. */
  readonly fromGeneration?: number;
  /** Absent when the pool was deleted. */
  readonly toGeneration?: number;
};

/** The entry of a write that found `before` and left `after`. */
const auditEntry = (operation: string, { before, after }: Written): AuditEntry => ({
  operation,
  pool: (after ?? before)?.name ?? '',
  uid: (after ?? before)?.uid ?? '',
  ...(before && { fromGeneration: before.generation }),
  ...(after && { toGeneration: after.generation }),
});

/** Where writes are noted. */
export type WriteNotes = {
  /** Notes a write in the audit log, together with who made the call. */
  readonly audit: (entry: AuditEntry) => void;
  /** Says in the answer that the request had been carried out before. */
  readonly noteReplay: () => void;
};

/** Notes what was written, and says so where it had been written before. A dry run writes nothing. */
export const noteWrite = (ctx: WriteNotes, operation: string, written: Written): void => {
  if (written.isReplay === true) ctx.noteReplay();
  else if (written.plan === undefined) ctx.audit(auditEntry(operation, written));
};
