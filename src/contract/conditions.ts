// Conditions of a pool's status, in the Kubernetes form, in a fixed order.
import { z } from 'zod';

const CONDITION_TYPES = ['Ready', 'Progressing', 'ScalingLimited', 'Degraded', 'Unreadable'] as const;

const CONDITION_REASONS = [
  'BufferMet',
  'BufferLow',
  'Exhausted',
  'NotReconciled',
  'Growing',
  'Shrinking',
  'RollingOut',
  'Settled',
  'PoolMax',
  'NotLimited',
  'StartFailing',
  'Healthy',
  'Unreadable',
] as const;

export const Condition = z
  .object({
    type: z.enum(CONDITION_TYPES),
    status: z.enum(['True', 'False', 'Unknown']),
    reason: z.enum(CONDITION_REASONS),
    message: z.string(),
    lastTransitionTime: z.iso.datetime().optional().describe('When `status` changed last, where that is known.'),
  })
  .meta({
    id: 'Condition',
    description: 'One aspect of a pool’s state.',
    examples: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'BufferMet',
        message: '2 members are available; bufferMin is 2.',
      },
    ],
  });
export type Condition = z.infer<typeof Condition>;
export type ConditionType = Condition['type'];
