// A Pool custom resource as a snapshot. What breaks the schema is shown as 0 or left out, and named by a condition.
import { z } from 'zod';
import { Int32 } from '../../../contract/capacity-spec.ts';
import { StoredTemplate } from '../../../contract/template.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import type { PoolResource } from './pool-resource.ts';
import { readStatus } from './read-status.ts';
import { StoredMembers } from './stored-members.ts';

/** @param nowMs Tells whether a pool without a status should have one by now. */
export const readPool = ({ metadata, spec, status }: PoolResource, nowMs: number): Pool => {
  const unreadable: string[] = [];
  const specification: StoredSpecification = {
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    ...readSpecification(new StoredMembers(spec, 'spec', unreadable)),
  };
  const pool: Pool = {
    uid: metadata.uid,
    name: metadata.name,
    createdAt: metadata.creationTimestamp,
    generation: metadata.generation,
    resourceVersion: metadata.resourceVersion,
    specification,
    ...(metadata.deletionTimestamp !== undefined && { deletingSince: metadata.deletionTimestamp }),
  };
  const told = readStatus({ stored: status, pool, unreadable, nowMs });
  return told ? { ...pool, status: told } : pool;
};

const Limits = z.object({ maxUnavailable: z.union([z.int(), z.string()]).optional() });
const Recycling = z.object({ type: z.string().optional() });

const readSpecification = (spec: StoredMembers) => {
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
