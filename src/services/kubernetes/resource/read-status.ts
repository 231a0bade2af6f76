// The status of a Pool custom resource with the conditions that it lacks.
import { z } from 'zod';
import { Condition } from '../../../contract/conditions.ts';
import type { PoolStatus } from '../../../contract/pool.ts';
import { definedFields } from '../../../lib/json.ts';
import { reportedConditions } from '../../planning/reported-conditions.ts';
import type { Verdict } from '../../planning/conditions.ts';
import type { Pool } from '../../pools/pool.ts';
import { isManaged } from '../pods/pod-metadata.ts';
import type { PoolResource } from './pool-resource.ts';
import { nullAsAbsent, readStored } from './read-stored.ts';

/** How long a new pool may be without a status before a condition says so. */
const STATUS_DEADLINE_MS = 30_000;

type StatusOptions = {
  /** Paths of the fields that break the schema; those of the status are added. */
  readonly unreadable: string[];
  readonly nowMs: number;
  readonly handOver?: string | undefined;
};

/** The status to show of a pool. Undefined while nothing was observed and no condition is due. */
export const readStatus = (
  stored: unknown,
  pool: Pool,
  { unreadable, nowMs, handOver }: StatusOptions,
): PoolStatus | undefined => {
  const status = hasStatus({ status: stored })
    ? reported(readStored(StoredStatus, stored, { path: 'status', fallback: NOTHING, unreadable }), pool)
    : undefined;
  const shown =
    handOver !== undefined && !isManaged(pool)
      ? withoutManager(status, `Warmpool does not manage the members of this pool. ${handOver}`)
      : (status ?? (nowMs >= statusDeadlineMs(pool) ? notReconciled(pool) : undefined));
  if (unreadable.length === 0) return shown;
  return { ...(shown ?? NOTHING), conditions: [...(shown?.conditions ?? []), unreadableCondition(unreadable)] };
};

/** Whether a controller has observed the pool. */
export const hasStatus = ({ status }: Pick<PoolResource, 'status'>): boolean =>
  status !== undefined && status !== null && Object.keys(status).length > 0;

/** When a condition says that the pool has no status. */
export const statusDeadlineMs = ({ createdAt }: Pool): number => Date.parse(createdAt) + STATUS_DEADLINE_MS;

const NOTHING = { total: 0, allocated: 0, available: 0, revision: '' };

const Count = z.int().min(0);
const StoredStatus = z.object({
  total: Count,
  allocated: Count,
  available: Count,
  revision: z.string(),
  updated: nullAsAbsent(Count),
  observedGeneration: nullAsAbsent(z.int()),
  resetting: z.unknown().optional(),
  conditions: z.array(Condition).catch([]).optional(),
});

const reported = (
  { resetting, conditions: stored = [], ...counts }: z.output<typeof StoredStatus>,
  pool: Pool,
): PoolStatus => {
  // Those that Warmpool's own controller wrote say more than the counts do.
  if (isManaged(pool) && stored.length > 0) return { ...definedFields(counts), conditions: stored };
  const { capacitySpec } = pool.readable ?? pool.specification;
  // OpenSandbox omits `updated` when it is 0; its older controllers, which report `resetting`, never have it.
  const status = { ...counts, updated: counts.updated ?? (resetting === undefined ? 0 : undefined) };
  const conditions = reportedConditions({ status, capacitySpec, generation: pool.generation });
  return { ...definedFields(counts), conditions };
};

const notReady = (message: string): Verdict => ({ type: 'Ready', status: 'Unknown', reason: 'NotReconciled', message });

const notReconciled = (pool: Pool): PoolStatus => ({
  ...NOTHING,
  conditions: [notReady(isManaged(pool) ? NO_LEADER : NO_CONTROLLER)],
});

const withoutManager = (status: PoolStatus = NOTHING, message: string): PoolStatus => ({
  ...status,
  conditions: [notReady(message), ...(status.conditions ?? []).filter(({ type }) => type !== 'Ready')],
});

const NO_LEADER =
  'Warmpool’s controller has not written a status for this pool: no server with controller = "warmpool" leads in this namespace. Start one, or read the log and /ready of those that run.';

const NO_CONTROLLER =
  'No controller has written a status for this pool: OpenSandbox’s controller is missing in this cluster, or does not watch this namespace. Install it with its Helm chart opensandbox-controller (see docs/kubernetes.md), or read its log.';

const unreadableCondition = (paths: readonly string[]): Verdict => ({
  type: 'Unreadable',
  status: 'True',
  reason: 'Unreadable',
  message: `Stored fields that violate the schema, shown as 0 or omitted: ${paths.join(', ')}.`,
});
