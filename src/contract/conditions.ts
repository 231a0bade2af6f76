// Conditions of a pool's status, in the form that Kubernetes uses and in a fixed order.
import { z } from 'zod';

const ConditionType = z
  .enum(['Ready', 'Progressing', 'ScalingLimited', 'Degraded', 'Unreadable'])
  .meta({ id: 'ConditionType', description: 'Aspect of the pool that a condition describes.' });
export type ConditionType = z.infer<typeof ConditionType>;

const ConditionStatus = z
  .enum(['True', 'False', 'Unknown'])
  .meta({ id: 'ConditionStatus', description: 'Whether the condition is true.' });

const ConditionReason = z
  .enum([
    'BufferMet',
    'BufferLow',
    'Exhausted',
    'NotReconciled',
    'Growing',
    'Shrinking',
    'RollingOut',
    'PullingImage',
    'Settled',
    'PoolMax',
    'NotLimited',
    'ForeignController',
    'StartFailing',
    'StuckTerminating',
    'ForeignPods',
    'Healthy',
    'Unreadable',
  ])
  .meta({ id: 'ConditionReason', description: 'Machine-readable reason for the status of a condition.' });

export const Condition = z
  .object({
    type: ConditionType,
    status: ConditionStatus,
    reason: ConditionReason,
    message: z.string().describe('Human-readable explanation.'),
    lastTransitionTime: z.iso.datetime().optional().describe('When `status` last changed; absent if unknown.'),
  })
  .meta({
    id: 'Condition',
    description: 'One aspect of the state of a pool.',
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
