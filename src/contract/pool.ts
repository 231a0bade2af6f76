// The pool: what a caller writes (CreatePool, UpdatePool, PatchPool) and what a caller reads (PoolResponse).
import { z } from 'zod';
import { closedObject } from './closed-object.ts';
import { CapacityNumbers, CapacitySpec, Int32 } from './capacity-spec.ts';
import { Condition } from './conditions.ts';
import { PoolPlan } from './decision.ts';
import { Annotations, AnnotationsPatch, Labels, LabelsPatch, PoolName } from './metadata.ts';
import { must } from './must.ts';
import { IntOrPercent, RecycleStrategy, RecycleType, ScaleStrategy, UpdateStrategy } from './strategies.ts';
import { PodTemplate, StoredTemplate } from './template.ts';

/** What a caller may write of a pool, besides its name. The rules of a whole pool are judged with this schema. */
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

const ignored = z.unknown().optional().meta({ description: 'Decided by the server and ignored in a request.' });

const capacityExample = { bufferMax: 5, bufferMin: 2, poolMax: 20, poolMin: 2 };

/** The body of POST /pools. */
export const CreatePool = closedObject({ name: PoolName, ...PoolSpecification.shape }).meta({
  id: 'CreatePool',
  description: 'A new pool.',
  examples: [
    {
      name: 'agents',
      template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } },
      capacitySpec: capacityExample,
    },
  ],
});
export type CreatePool = z.infer<typeof CreatePool>;

/** The body of PUT /pools/{name}: each member replaces the stored one whole when given, and is kept when left out. */
export const UpdatePool = closedObject({
  ...PoolSpecification.partial().shape,
  capacitySpec: CapacitySpec,
  name: z.string(must('be a string')).optional().describe('If given, the name in the path.'),
  // What GET answers can be sent back: the members that the server owns are accepted and ignored.
  uid: ignored,
  etag: ignored,
  status: ignored,
  createdAt: ignored,
  generation: ignored,
  resourceVersion: ignored,
  deletingSince: ignored,
}).meta({
  id: 'UpdatePool',
  description: 'The new specification of a pool: what GET answers can be sent back.',
  examples: [{ capacitySpec: capacityExample }],
});
export type UpdatePool = z.infer<typeof UpdatePool>;

const removable = <T extends z.ZodType>(schema: T) => schema.nullable().optional();

/** The body of PATCH /pools/{name}: a JSON merge patch (RFC 7396). What it makes of the pool is judged by PoolSpecification. */
export const PatchPool = closedObject({
  template: removable(z.record(z.string(), z.unknown(), must('be an object or null'))),
  capacitySpec: removable(
    closedObject({
      bufferMax: removable(Int32),
      bufferMin: removable(Int32),
      poolMax: removable(Int32),
      poolMin: removable(Int32),
    }),
  ),
  labels: removable(LabelsPatch),
  annotations: removable(AnnotationsPatch),
  scaleStrategy: removable(closedObject({ maxUnavailable: removable(IntOrPercent) })),
  updateStrategy: removable(closedObject({ maxUnavailable: removable(IntOrPercent) })),
  recycleStrategy: removable(closedObject({ type: removable(RecycleType) })),
}).meta({
  id: 'PatchPool',
  description: 'A JSON merge patch (RFC 7396) of a pool: `null` removes a member.',
  examples: [{ capacitySpec: { bufferMin: 3 } }],
});
export type PatchPool = z.infer<typeof PatchPool>;

const Count = z.int().min(0);

/** What was observed of a pool. Terminating members never count. */
export const PoolStatus = z
  .object({
    total: Count.describe('Members that exist and are not terminating.'),
    allocated: Count.describe('Members that a claim holds.'),
    available: Count.describe('Members that are ready and not allocated.'),
    revision: z.string().describe('Hash of the template that new members are made from.'),
    updated: Count.optional().describe('Members of the current revision.'),
    observedGeneration: z.int().optional().describe('The generation that the status speaks of.'),
    conditions: z.array(Condition).optional(),
  })
  .meta({ id: 'PoolStatus', description: 'What was observed of a pool.' });
export type PoolStatus = z.infer<typeof PoolStatus>;

/** A pool as answers show it. It may hold what a request could not: reading never fails because a stored pool breaks the rules. */
export const PoolResponse = z
  .object({
    name: z.string(),
    uid: z.string().describe('Identity of the pool: a pool made again under the same name has another.'),
    etag: z.string().describe('The value of the ETag header, for If-Match.'),
    generation: z.int().describe('Grows with every change of template, capacitySpec or a strategy.'),
    resourceVersion: z.string().describe('Opaque; another one with every change.'),
    createdAt: z.iso.datetime().optional(),
    deletingSince: z.iso.datetime().optional().describe('Since when the pool waits to be deleted.'),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    template: StoredTemplate.optional().describe('Left out in the view `basic`.'),
    capacitySpec: CapacityNumbers,
    scaleStrategy: z.object({ maxUnavailable: z.union([z.int(), z.string()]).optional() }).optional(),
    updateStrategy: z.object({ maxUnavailable: z.union([z.int(), z.string()]).optional() }).optional(),
    recycleStrategy: z.object({ type: z.string().optional() }).optional(),
    status: PoolStatus.optional().describe('Absent until something was observed.'),
  })
  .meta({
    id: 'PoolResponse',
    description: 'A pool and what was observed of it.',
    examples: [
      {
        name: 'agents',
        uid: 'baa5bd6c-d3d6-47fc-8dd4-5c842874b81c',
        etag: '"baa5bd6c-d3d6-47fc-8dd4-5c842874b81c.1.0.6"',
        generation: 1,
        resourceVersion: '6',
        createdAt: '2026-11-24T14:02:16.475Z',
        template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } },
        capacitySpec: capacityExample,
        status: { total: 2, allocated: 0, available: 2, revision: '6ceb5f940d', updated: 2, observedGeneration: 1 },
      },
    ],
  });
export type PoolResponse = z.infer<typeof PoolResponse>;

/** What a write answers: the pool, and on a dry run what would happen. */
export const WrittenPool = PoolResponse.extend({ plan: PoolPlan.optional().describe('On a dry run only.') }).meta({
  id: 'WrittenPool',
  description: 'A pool as a write left it, or as a dry run would leave it.',
});
export type WrittenPool = z.infer<typeof WrittenPool>;

export const PoolList = z
  .object({
    items: z.array(PoolResponse),
    continue: z.string().optional().describe('Leads to the next page. Absent on the last one.'),
    remainingItemCount: z.int().optional().describe('How many pools come behind this page. Absent on the last one.'),
  })
  .meta({ id: 'PoolList', description: 'Pools, ordered by name.' });
export type PoolList = z.infer<typeof PoolList>;

/** How much of a pool is answered: `full` has the template, `basic` has not. */
export const PoolView = z.enum(['basic', 'full'], must('be "basic" or "full"'));
export type PoolView = z.infer<typeof PoolView>;
