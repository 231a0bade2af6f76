// A Pool custom resource as a snapshot. Fields that break the schema are shown as 0 or left out, and named by a condition.
import { z } from 'zod';
import { Int32 } from '../../../contract/capacity-spec.ts';
import { RecycleType } from '../../../contract/strategies.ts';
import { StoredTemplate } from '../../../contract/template.ts';
import { definedFields, isJsonObject } from '../../../lib/json.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import type { PoolResource } from './pool-resource.ts';
import { readStatus } from './read-status.ts';
import { nullAsAbsent, readStored } from './read-stored.ts';

/**
 * @param nowMs Decides whether a pool without a status should have one by now.
 * @param handOver What to do about a pool that has no mark of Warmpool's controller. Default: nothing, it needs none.
 */
export const readPool = ({ metadata, spec, status: stored }: PoolResource, nowMs: number, handOver?: string): Pool => {
  const unreadable: string[] = [];
  const maps = { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} };
  const readable = { ...maps, ...readSpecification(spec, unreadable) };
  const pool: Pool = {
    uid: metadata.uid,
    name: metadata.name,
    createdAt: metadata.creationTimestamp,
    generation: metadata.generation,
    resourceVersion: metadata.resourceVersion,
    specification: { ...maps, ...asStored(spec) },
    ...(unreadable.length > 0 && { readable }),
    ...(metadata.deletionTimestamp !== undefined && { deletingSince: metadata.deletionTimestamp }),
  };
  const status = readStatus(stored, pool, { unreadable, nowMs, handOver });
  return status ? { ...pool, status } : pool;
};

const Limits = z.object({ maxUnavailable: z.union([z.int(), z.string()]).optional() });

const Specification = z.object({
  template: nullAsAbsent(StoredTemplate),
  capacitySpec: z.unknown().optional(),
  scaleStrategy: nullAsAbsent(Limits),
  updateStrategy: nullAsAbsent(Limits),
  recycleStrategy: nullAsAbsent(z.object({ type: RecycleType.optional() })),
});

const Capacity = z.object({ bufferMax: Int32, bufferMin: Int32, poolMax: Int32, poolMin: Int32 });
const NO_CAPACITY = { bufferMax: 0, bufferMin: 0, poolMax: 0, poolMin: 0 };

const readSpecification = (spec: unknown, unreadable: string[]) => {
  const { capacitySpec, ...fields } = readStored(Specification, spec, {
    path: 'spec',
    fallback: {},
    unreadable,
  });
  const capacity = { path: 'spec.capacitySpec', fallback: NO_CAPACITY, unreadable };
  return { ...definedFields(fields), capacitySpec: readStored(Capacity, capacitySpec, capacity) };
};

/** The fields as stored, whatever their types: a change is computed from these, not from what is shown. */
const asStored = (spec: unknown) =>
  Object.fromEntries(
    Object.entries(isJsonObject(spec) ? spec : {}).filter(([field]) => Object.hasOwn(Specification.shape, field)),
  ) as Omit<StoredSpecification, 'labels' | 'annotations'>;
