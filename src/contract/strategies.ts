// How a pool grows, rolls out a new template, and treats members that come back.
import { z } from 'zod';
import { closedObject } from './closed-object.ts';
import { Int32 } from './capacity-spec.ts';
import { must } from './must.ts';

const countOrPercent = must('be an integer from 0 to 2147483647 or a percentage such as "25%"');

/** A count, or a percentage such as `25%`, rounded up. Every limit is at least 1 (pool-controller rule). */
export const IntOrPercent = z
  .union([Int32, z.string().regex(/^\d{1,9}%$/, countOrPercent)], countOrPercent)
  .meta({ id: 'IntOrPercent', description: 'A count, or a percentage such as "25%", rounded up; at least 1 counts.' });
export type IntOrPercent = z.infer<typeof IntOrPercent>;

/** What becomes of a member whose claim ends. */
export const RecycleType = z.enum(['Delete', 'Restart', 'Noop'], must('be "Delete", "Restart" or "Noop"'));
export type RecycleType = z.infer<typeof RecycleType>;

export const ScaleStrategy = closedObject({ maxUnavailable: IntOrPercent.optional() }).meta({
  id: 'ScaleStrategy',
  description: 'Most members that may be starting at once, of the wanted size. Default 25%.',
  examples: [{ maxUnavailable: '25%' }],
});
export type ScaleStrategy = z.infer<typeof ScaleStrategy>;

export const UpdateStrategy = closedObject({ maxUnavailable: IntOrPercent.optional() }).meta({
  id: 'UpdateStrategy',
  description: 'Most idle members that a rollout may take away at once. Default 25%.',
  examples: [{ maxUnavailable: 1 }],
});
export type UpdateStrategy = z.infer<typeof UpdateStrategy>;

export const RecycleStrategy = closedObject({ type: RecycleType.optional() }).meta({
  id: 'RecycleStrategy',
  description: 'What becomes of a member whose claim ends. Default Delete.',
  examples: [{ type: 'Delete' }],
});
export type RecycleStrategy = z.infer<typeof RecycleStrategy>;
