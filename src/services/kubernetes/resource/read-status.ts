// The status of a Pool custom resource with the conditions that it lacks.
import { z } from 'zod';
import type { CapacitySpec } from '../../../contract/capacity-spec.ts';
import type { PoolStatus } from '../../../contract/pool.ts';
import { reportedConditions } from '../../planning/reported-conditions.ts';
import type { Verdict } from '../../planning/conditions.ts';
import type { Pool } from '../../pools/pool.ts';
import type { PoolResource } from './pool-resource.ts';
import { StoredFields } from './stored-fields.ts';

/** How long a new pool may be without a status before a condition says so. */
const STATUS_DEADLINE_MS = 30_000;

type Readable = {
  readonly stored: unknown;
  readonly pool: Pool;
  /** As shown. */
  readonly capacitySpec: CapacitySpec;
  /** Paths of the fields that break the schema; those of the status are added. */
  readonly unreadable: string[];
  readonly nowMs: number;
};

/** Undefined until something was observed or a condition is due. */
export const readStatus = ({ stored, pool, capacitySpec, unreadable, nowMs }: Readable): PoolStatus | undefined => {
  const status = hasStatus({ status: stored })
    ? reported(new StoredFields(stored, 'status', unreadable), pool.generation, capacitySpec)
    : undefined;
  const shown = status ?? (nowMs >= statusDeadlineMs(pool) ? notReconciled : undefined);
  if (unreadable.length === 0) return shown;
  const { conditions, ...counts } = shown ?? NOTHING;
  return { ...counts, conditions: [...(conditions ?? []), unreadableCondition(unreadable)] };
};

/** Whether a controller has observed the pool. */
export const hasStatus = ({ status }: Pick<PoolResource, 'status'>): boolean =>
  status !== undefined && status !== null && Object.keys(status).length > 0;

/** When a condition says that the pool has no status. */
export const statusDeadlineMs = ({ createdAt }: Pool): number => Date.parse(createdAt) + STATUS_DEADLINE_MS;

const NOTHING: PoolStatus = { total: 0, allocated: 0, available: 0, revision: '' };
const Count = z.int().min(0);

const reported = (status: StoredFields, generation: number, capacitySpec: CapacitySpec): PoolStatus => {
  const counts = {
    total: status.required('total', Count, 0),
    allocated: status.required('allocated', Count, 0),
    available: status.required('available', Count, 0),
    revision: status.required('revision', z.string(), ''),
  };
  const updated = status.optional('updated', Count);
  const observedGeneration = status.optional('observedGeneration', z.int());
  const conditions = reportedConditions({
    // OpenSandbox omits `updated` when it is 0; its older controllers, which report `resetting`, never have it.
    status: { ...counts, observedGeneration, updated: updated ?? (status.has('resetting') ? undefined : 0) },
    capacitySpec,
    generation,
  });
  return {
    ...counts,
    ...(updated !== undefined && { updated }),
    ...(observedGeneration !== undefined && { observedGeneration }),
    conditions,
  };
};

const notReconciled: PoolStatus = {
  ...NOTHING,
  conditions: [
    {
      type: 'Ready',
      status: 'Unknown',
      reason: 'NotReconciled',
      message:
        'No controller has written a status for this pool: OpenSandbox’s controller is missing in this cluster, or does not watch this namespace. Install it with its Helm chart opensandbox-controller (see docs/kubernetes.md), or read its log.',
    },
  ],
};

const unreadableCondition = (paths: readonly string[]): Verdict => ({
  type: 'Unreadable',
  status: 'True',
  reason: 'Unreadable',
  message: `Stored fields that violate the schema, shown as 0 or omitted: ${paths.join(', ')}.`,
});
