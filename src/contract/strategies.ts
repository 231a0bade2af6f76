// Strategies of a pool: how fast it grows, how it rolls out a new template, and how it recycles members.
import { z } from 'zod';
import { closedObject } from './closed-object.ts';
import { Int32 } from './capacity-spec.ts';
import { must } from './must.ts';

/** Used where a scale or update strategy has no `maxUnavailable`. */
export const MAX_UNAVAILABLE_DEFAULT = '25%';

const countOrPercent = must('be an integer from 0 to 2147483647 or a percentage such as "25%"');

const IntOrPercent = z.union([Int32, z.string().regex(/^\d{1,9}%$/, countOrPercent)], countOrPercent).meta({
  id: 'IntOrPercent',
  description: 'A number of members, or a percentage such as "25%", rounded up. Values below 1 are treated as 1.',
});

export const RecycleType = z
  .enum(['Delete', 'Restart', 'Noop'], must('be "Delete", "Restart" or "Noop"'))
  .meta({ id: 'RecycleType', description: 'What happens to a member when its claim ends.' });
export type RecycleType = z.infer<typeof RecycleType>;

export const ScaleStrategy = closedObject({ maxUnavailable: IntOrPercent.optional() }).meta({
  id: 'ScaleStrategy',
  description:
    'How fast the pool grows and shrinks: `maxUnavailable` is the maximum number of members that may be starting at once (percentages are of the desired size), and that one step may stop to shrink the pool (percentages are of the current size). Default 25%.',
  examples: [{ maxUnavailable: '25%' }],
});

export const UpdateStrategy = closedObject({ maxUnavailable: IntOrPercent.optional() }).meta({
  id: 'UpdateStrategy',
  description:
    'How fast a rollout replaces unallocated members: `maxUnavailable` is the maximum number that may be unready at once (percentages are of the buffer). Default 25%.',
  examples: [{ maxUnavailable: 1 }],
});

export const RecycleStrategy = closedObject({ type: RecycleType.optional() }).meta({
  id: 'RecycleStrategy',
  description: 'How members are recycled: `type` is what happens to a member when its claim ends. Default Delete.',
  examples: [{ type: 'Delete' }],
});
export type RecycleStrategy = z.infer<typeof RecycleStrategy>;

const maxUnavailable = IntOrPercent.nullish();
const patchMeta = (strategy: string, id: string) => ({
  id,
  description: `Changes to the ${strategy} strategy; \`null\` restores the default.`,
});

export const ScaleStrategyPatch = closedObject({ maxUnavailable }).meta(patchMeta('scale', 'ScaleStrategyPatch'));
export const UpdateStrategyPatch = closedObject({ maxUnavailable }).meta(patchMeta('update', 'UpdateStrategyPatch'));
export const RecycleStrategyPatch = closedObject({ type: RecycleType.nullish() }).meta(
  patchMeta('recycle', 'RecycleStrategyPatch'),
);
