// The status of a Pool custom resource with the conditions that it lacks.
import { z } from 'zod';
import type { CapacityNumbers } from '../../../contract/capacity-spec.ts';
import type { PoolStatus } from '../../../contract/pool.ts';
import { reportedConditions } from '../../planning/reported-conditions.ts';
import type { Verdict } from '../../planning/conditions.ts';
import type { Pool } from '../../pools/pool.ts';
import type { PoolResource } from './pool-resource.ts';
import { StoredFields } from './stored-fields.ts';

/** How long a new pool may be without a status before that is told. */
const PATIENCE_MS = 30_000;

type Readable = {
  readonly stored: unknown;
  readonly pool: Pool;
  /** As it is shown. */
  readonly capacitySpec: CapacityNumbers;
  /** Paths of what breaks the schema; those of the status are added. */
  readonly unreadable: string[];
  readonly nowMs: number;
};

/** Undefined while nothing was observed and nothing must be told. */
export const readStatus = ({ stored, pool, capacitySpec, unreadable, nowMs }: Readable): PoolStatus | undefined => {
  const status = hasStatus({ status: stored })
    ? reported(new StoredFields(stored, 'status', unreadable), pool.generation, capacitySpec)
    : undefined;
  const told = status ?? (nowMs >= statusDeadlineMs(pool) ? notReconciled : undefined);
  if (unreadable.length === 0) return told;
  const { conditions, ...counts } = told ?? NOTHING;
  return { ...counts, conditions: [...(conditions ?? []), unreadableCondition(unreadable)] };
};

/** Whether somebody observed the pool. */
export const hasStatus = ({ status }: Pick<PoolResource, 'status'>): boolean =>
  status !== undefined && status !== null && Object.keys(status).length > 0;

/** From when on a pool without a status is told to have none. */
export const statusDeadlineMs = ({ createdAt }: Pool): number => Date.parse(createdAt) + PATIENCE_MS;

const NOTHING: PoolStatus = { total: 0, allocated: 0, available: 0, revision: '' };
const Count = z.int().min(0);

const reported = (status: StoredFields, generation: number, capacitySpec: CapacityNumbers): PoolStatus => {
  const counts = {
    total: status.required('total', Count, 0),
    allocated: status.required('allocated', Count, 0),
    available: status.required('available', Count, 0),
    revision: status.required('revision', z.string(), ''),
  };
  const updated = status.optional('updated', Count);
  const observedGeneration = status.optional('observedGeneration', z.int());
  const conditions = reportedConditions({
    // OpenSandbox leaves `updated` out when it is 0; its older controllers, which tell `resetting`, never have it.
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
  message: `What is stored breaks the schema; shown as 0 or left out: ${paths.join(', ')}.`,
});
