// A Pool custom resource as a snapshot. Fields that break the schema are shown as 0 or left out, and named by a condition.
import { z } from 'zod';
import { Int32 } from '../../../contract/capacity-spec.ts';
import { RecycleType } from '../../../contract/strategies.ts';
import { StoredTemplate } from '../../../contract/template.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import type { PoolResource } from './pool-resource.ts';
import { readStatus } from './read-status.ts';
import { StoredFields } from './stored-fields.ts';

/** @param nowMs Decides whether a pool without a status should have one by now. */
export const readPool = ({ metadata, spec, status: stored }: PoolResource, nowMs: number): Pool => {
  const unreadable: string[] = [];
  const maps = { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} };
  const readable = { ...maps, ...readSpecification(new StoredFields(spec, 'spec', unreadable)) };
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
  const status = readStatus({ stored, pool, capacitySpec: readable.capacitySpec, unreadable, nowMs });
  return status ? { ...pool, status } : pool;
};

const FIELDS = ['template', 'capacitySpec', 'scaleStrategy', 'updateStrategy', 'recycleStrategy'] as const;

/** The fields as stored, whatever their types: a change is computed from these, not from what is shown. */
const asStored = (spec: unknown) =>
  Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = (spec as Readonly<Record<string, unknown>> | null | undefined)?.[field];
      return value === undefined ? [] : [[field, value]];
    }),
  ) as Omit<StoredSpecification, 'labels' | 'annotations'>;

const Limits = z.object({ maxUnavailable: z.union([z.int(), z.string()]).optional() });
const Recycling = z.object({ type: RecycleType.optional() });

const readSpecification = (spec: StoredFields) => {
  const capacity = spec.inner('capacitySpec');
  const template = spec.optional('template', StoredTemplate);
  const scaleStrategy = spec.optional('scaleStrategy', Limits);
  const updateStrategy = spec.optional('updateStrategy', Limits);
  const recycleStrategy = spec.optional('recycleStrategy', Recycling);
  return {
    ...(template && { template }),
    capacitySpec: {
      bufferMax: capacity.required('bufferMax', Int32, 0),
      bufferMin: capacity.required('bufferMin', Int32, 0),
      poolMax: capacity.required('poolMax', Int32, 0),
      poolMin: capacity.required('poolMin', Int32, 0),
    },
    ...(scaleStrategy && { scaleStrategy }),
    ...(updateStrategy && { updateStrategy }),
    ...(recycleStrategy && { recycleStrategy }),
  };
};
