// The pool: what clients write (CreatePool, UpdatePool, PatchPool) and what they read (PoolResponse).
import { z } from 'zod';
import { CapacityPatch, CapacitySpec, Int32 } from './capacity-spec.ts';
import { closedObject } from './closed-object.ts';
import { Condition } from './conditions.ts';
import { PoolPlan } from './decision.ts';
import { Annotations, AnnotationsPatch, Labels, LabelsPatch, PoolName } from './metadata.ts';
import { must } from './must.ts';
import {
  RecycleStrategy,
  RecycleStrategyPatch,
  ScaleStrategy,
  ScaleStrategyPatch,
  UpdateStrategy,
  UpdateStrategyPatch,
} from './strategies.ts';
import { PodTemplate, PodTemplatePatch } from './template.ts';

/** The writable fields of a pool, except its name. A patched pool is validated with this schema. */
export const PoolSpecification = closedObject({
  template: PodTemplate,
  capacitySpec: CapacitySpec,
  labels: Labels.optional(),
  annotations: Annotations.optional(),
  scaleStrategy: ScaleStrategy.optional(),
  updateStrategy: UpdateStrategy.optional(),
  recycleStrategy: RecycleStrategy.optional(),
});
export type PoolSpecification = z.infer<typeof PoolSpecification>;

/** `null` is treated as absent, as in Kubernetes. */
const omittable = <Schema extends z.ZodType>(schema: Schema) =>
  schema
    .nullable()
    .transform((value) => value ?? undefined)
    .optional();

const optionalFields = {
  labels: omittable(Labels),
  annotations: omittable(Annotations),
  scaleStrategy: omittable(ScaleStrategy),
  updateStrategy: omittable(UpdateStrategy),
  recycleStrategy: omittable(RecycleStrategy),
};

const capacityExample = { bufferMax: 5, bufferMin: 2, poolMax: 20, poolMin: 2 };
const templateExample = { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } };

/** The body of POST /pools. */
export const CreatePool = closedObject({
  name: PoolName,
  template: PodTemplate,
  capacitySpec: CapacitySpec,
  ...optionalFields,
}).meta({
  id: 'CreatePool',
  description: 'Pool to create. In optional fields, `null` is treated as absent.',
  examples: [{ name: 'agents', template: templateExample, capacitySpec: capacityExample }],
});
export type CreatePool = z.input<typeof CreatePool>;

/** Terminating members are never counted. */
export const PoolStatus = z
  .object({
    total: Int32.describe('Number of members that exist and are not terminating.'),
    allocated: Int32.describe('Number of members held by a claim.'),
    available: Int32.describe('Number of members that are ready and not allocated.'),
    revision: z.string().describe('Hash of the template that new members are started from.'),
    updated: Int32.optional().describe('Number of members started from the current template.'),
    observedGeneration: z.int().optional().describe('Generation of the pool that the status is based on.'),
    conditions: z.array(Condition).optional().describe('Conditions, in a fixed order.'),
  })
  .meta({ id: 'PoolStatus', description: 'Observed state of a pool.' });
export type PoolStatus = z.infer<typeof PoolStatus>;

const serverOwned = {
  uid: z.string().describe('Unique identifier: a pool recreated under the same name has a different one.'),
  etag: z.string().describe('ETag of the pool, for If-Match.'),
  generation: z.int().describe('Incremented by every change to the template, the capacity or a strategy.'),
  resourceVersion: z.string().describe('Opaque version, different after every change.'),
  createdAt: z.iso.datetime().describe('When the pool was created.'),
  deletingSince: z.iso.datetime().describe('When deletion was requested; the pool is held by a finalizer.'),
  status: PoolStatus,
};

/** Accepts and drops any value. Documented like the field of the response. */
const ignored = (schema: z.ZodType) => z.preprocess(() => undefined, schema.optional()).optional();

/** The body of PUT /pools/{name}. */
export const UpdatePool = closedObject({
  name: z.string(must('be a string')).optional().describe('Name of the pool; must match the path.'),
  template: omittable(PodTemplate),
  capacitySpec: CapacitySpec,
  ...optionalFields,
  uid: ignored(serverOwned.uid),
  etag: ignored(serverOwned.etag),
  generation: ignored(serverOwned.generation),
  resourceVersion: ignored(serverOwned.resourceVersion),
  createdAt: ignored(serverOwned.createdAt),
  deletingSince: ignored(serverOwned.deletingSince),
  status: ignored(serverOwned.status),
}).meta({
  id: 'UpdatePool',
  description: `New values for a pool. \`capacitySpec\` is required; every other field, if present, replaces the stored value entirely, and \`null\` is treated as absent.
A pool returned by GET can be sent back: ${Object.keys(serverOwned).join(', ')} are set by the server and ignored in requests.`,
  examples: [{ capacitySpec: capacityExample }],
});
export type UpdatePool = z.input<typeof UpdatePool>;

/** The body of PATCH /pools/{name}: a JSON merge patch (RFC 7396). The patched fields are validated by PoolSpecification. */
export const PatchPool = closedObject({
  template: PodTemplatePatch.nullish(),
  capacitySpec: CapacityPatch.nullish(),
  labels: LabelsPatch.nullish(),
  annotations: AnnotationsPatch.nullish(),
  scaleStrategy: ScaleStrategyPatch.nullish(),
  updateStrategy: UpdateStrategyPatch.nullish(),
  recycleStrategy: RecycleStrategyPatch.nullish(),
}).meta({
  id: 'PatchPool',
  description: 'JSON merge patch (RFC 7396) of a pool: `null` removes a field.',
  examples: [{ capacitySpec: { bufferMin: 3 } }],
});
export type PatchPool = z.infer<typeof PatchPool>;

/** Never parsed on the way out: reading does not fail because a stored pool breaks the rules. */
export const PoolResponse = z
  .object({
    name: z.string().describe('Name of the pool.'),
    ...serverOwned,
    createdAt: serverOwned.createdAt.optional(),
    deletingSince: serverOwned.deletingSince.optional(),
    labels: Labels.optional(),
    annotations: Annotations.optional(),
    template: PodTemplate.optional().describe('Absent if `view` is `basic`.'),
    capacitySpec: CapacitySpec,
    scaleStrategy: ScaleStrategy.optional(),
    updateStrategy: UpdateStrategy.optional(),
    recycleStrategy: RecycleStrategy.optional(),
    status: PoolStatus.optional().describe('Absent until the pool has been observed.'),
    plan: PoolPlan.optional().describe('Present only in responses to dry runs.'),
  })
  .meta({
    id: 'Pool',
    description:
      'A pool and its observed state. A pool that was not stored through this API may violate its rules: unreadable fields are 0 or absent, and the condition `Unreadable` names them.',
    examples: [
      {
        name: 'agents',
        uid: 'baa5bd6c-d3d6-47fc-8dd4-5c842874b81c',
        etag: '"baa5bd6c-d3d6-47fc-8dd4-5c842874b81c.1.d827049039.6"',
        generation: 1,
        resourceVersion: '6',
        createdAt: '2026-11-24T14:02:16.475Z',
        template: templateExample,
        capacitySpec: capacityExample,
        status: { total: 2, allocated: 0, available: 2, revision: '6ceb5f940d', updated: 2, observedGeneration: 1 },
      },
    ],
  });
export type PoolResponse = z.infer<typeof PoolResponse>;

export const PoolList = z
  .object({
    items: z.array(PoolResponse),
    continue: z.string().optional().describe('Continuation token of the next page; absent on the last page.'),
    remainingItemCount: Int32.optional().describe('Number of pools after this page; absent on the last page.'),
  })
  .meta({ id: 'PoolList', description: 'Pools, ordered by name.' });
export type PoolList = z.infer<typeof PoolList>;

export const PoolView = z.enum(['basic', 'full'], must('be "basic" or "full"')).meta({
  id: 'PoolView',
  description: 'Level of detail of a pool: `full` includes the template, `basic` omits it.',
});
export type PoolView = z.infer<typeof PoolView>;
