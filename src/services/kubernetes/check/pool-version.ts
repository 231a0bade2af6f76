// One version of a pool: only what the checker needs of it.
import { z } from 'zod';
import { Int32 } from '../../../contract/capacity-spec.ts';
import { RecycleType } from '../../../contract/strategies.ts';
import { CONTROLLER } from '../pods/pod-metadata.ts';
import { POOLS } from '../resource/pool-resource.ts';
import { ManagedFields } from './pod-version.ts';

const Size = Int32.catch(0);
const NO_CAPACITY = { bufferMin: 0, bufferMax: 0, poolMin: 0, poolMax: 0 };
const Capacity = z.object({ bufferMin: Size, bufferMax: Size, poolMin: Size, poolMax: Size }).catch(NO_CAPACITY);
const Recycling = z.object({ type: RecycleType.default('Delete') }).catch({ type: 'Delete' });

const PoolVersion = z
  .object({
    metadata: z.object({
      name: z.string(),
      uid: z.string(),
      resourceVersion: z.string(),
      deletionTimestamp: z.string().optional(),
      annotations: z.record(z.string(), z.string()).default({}),
      managedFields: ManagedFields,
    }),
    spec: z.object({ capacitySpec: Capacity, recycleStrategy: Recycling }),
  })
  .transform(({ metadata: { annotations, deletionTimestamp, managedFields, ...metadata }, spec }) => ({
    metadata,
    isManaged: annotations[CONTROLLER] === 'warmpool',
    isDeleting: deletionTimestamp !== undefined,
    capacity: spec.capacitySpec,
    recycling: spec.recycleStrategy.type,
    ...managedFields,
  }));
export type PoolVersion = z.output<typeof PoolVersion>;

export const POOL_VERSIONS = { ...POOLS, schema: PoolVersion };
