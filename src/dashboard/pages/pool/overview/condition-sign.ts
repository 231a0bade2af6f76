// Icon and tone of a condition, by its reason.
import type { Condition } from '../../../../contract/conditions.ts';
import type { Tone } from '../../../ui/tone.ts';
import type { IconName } from '../../../ui/icon-name.ts';

export type ConditionSign = { readonly icon: IconName; readonly tone: Tone };

const SIGNS: Readonly<Record<Condition['reason'], ConditionSign>> = {
  BufferMet: { icon: 'ready', tone: 'ok' },
  BufferLow: { icon: 'low', tone: 'warn' },
  Exhausted: { icon: 'exhausted', tone: 'bad' },
  NotReconciled: { icon: 'unknown', tone: 'none' },
  Growing: { icon: 'growing', tone: 'busy' },
  Shrinking: { icon: 'shrinking', tone: 'busy' },
  RollingOut: { icon: 'rolling', tone: 'busy' },
  PullingImage: { icon: 'growing', tone: 'busy' },
  Settled: { icon: 'settled', tone: 'none' },
  PoolMax: { icon: 'poolmax', tone: 'warn' },
  NotLimited: { icon: 'settled', tone: 'none' },
  ForeignController: { icon: 'degraded', tone: 'bad' },
  StartFailing: { icon: 'degraded', tone: 'bad' },
  StuckTerminating: { icon: 'degraded', tone: 'warn' },
  ForeignPods: { icon: 'degraded', tone: 'warn' },
  Healthy: { icon: 'ready', tone: 'ok' },
  Unreadable: { icon: 'degraded', tone: 'bad' },
};

export const conditionSign = ({ reason }: Condition): ConditionSign => SIGNS[reason];
