// What the audit log keeps of a write. The transport adds who made it: the request id and a hash that names the key.
import type { PoolChange } from '../services/pools/pool-store.ts';
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

export const auditCreate = ({ name, uid, generation }: Pool): AuditEntry => ({
  operation: 'pools.create',
  pool: name,
  uid,
  toGeneration: generation,
});

export const auditChange = (operation: string, { before, after }: PoolChange): AuditEntry => ({
  operation,
  pool: after.name,
  uid: after.uid,
  fromGeneration: before.generation,
  toGeneration: after.generation,
});

export const auditDelete = ({ name, uid, generation }: Pool): AuditEntry => ({
  operation: 'pools.delete',
  pool: name,
  uid,
  fromGeneration: generation,
});
