// The state of a pool in one word, from its conditions. The first that applies counts, the next true one is the second
// line: look/README.md, "States".
import type { Condition, ConditionType } from '../../contract/conditions.ts';
import type { PoolResponse } from '../../contract/pool.ts';
import type { IconName } from '../ui/icon-name.ts';
import type { Tone } from '../ui/tone.ts';

/** What the filter of the overview calls it. */
export type StateGroup = 'failing' | 'low' | 'changing' | 'ready';

export type StateKey =
  | 'deleting'
  | 'unreadable'
  | 'exhausted'
  | 'degraded'
  | 'poolMax'
  | 'bufferLow'
  | 'rollingOut'
  | 'pullingImage'
  | 'growing'
  | 'shrinking'
  | 'ready'
  | 'unknown';

type StateInfo = {
  readonly word: string;
  /** As the second line of another state. */
  readonly short: string;
  readonly icon: IconName;
  readonly tone: Tone;
  readonly group: StateGroup;
};

export const STATES: Readonly<Record<StateKey, StateInfo>> = {
  deleting: { word: 'Deleting', short: 'Deleting', icon: 'terminating', tone: 'busy', group: 'changing' },
  unreadable: { word: 'Unreadable', short: 'Unreadable', icon: 'degraded', tone: 'bad', group: 'failing' },
  exhausted: { word: 'Exhausted', short: 'Exhausted', icon: 'exhausted', tone: 'bad', group: 'failing' },
  degraded: { word: 'Degraded', short: 'Starts fail', icon: 'degraded', tone: 'bad', group: 'failing' },
  poolMax: { word: 'At poolMax', short: 'At poolMax', icon: 'poolmax', tone: 'warn', group: 'low' },
  bufferLow: { word: 'Buffer low', short: 'Buffer low', icon: 'low', tone: 'warn', group: 'low' },
  rollingOut: { word: 'Rolling out', short: 'Rolling out', icon: 'rolling', tone: 'busy', group: 'changing' },
  pullingImage: { word: 'Pulling image', short: 'Pulling image', icon: 'growing', tone: 'busy', group: 'changing' },
  growing: { word: 'Growing', short: 'Growing', icon: 'growing', tone: 'busy', group: 'changing' },
  shrinking: { word: 'Shrinking', short: 'Shrinking', icon: 'shrinking', tone: 'busy', group: 'changing' },
  ready: { word: 'Ready', short: 'Settled', icon: 'ready', tone: 'ok', group: 'ready' },
  unknown: { word: 'Unknown', short: 'Not observed', icon: 'unknown', tone: 'none', group: 'low' },
};

/** The more urgent, the lower. */
export const URGENCY = Object.keys(STATES) as readonly StateKey[];

export const conditionOf = (pool: PoolResponse, type: ConditionType): Condition | undefined =>
  pool.status?.conditions?.find((condition) => condition.type === type);

/** The message of a condition that says more than a plan does; undefined if there is none. */
export const conditionSentence = (pool: PoolResponse): string | undefined =>
  (['Unreadable', 'Degraded'] as const)
    .map((type) => conditionOf(pool, type))
    .find((condition) => condition?.status === 'True')?.message;

const isTrue = (pool: PoolResponse, type: ConditionType): boolean => conditionOf(pool, type)?.status === 'True';

const PROGRESS: Partial<Record<Condition['reason'], StateKey>> = {
  RollingOut: 'rollingOut',
  PullingImage: 'pullingImage',
  Growing: 'growing',
  Shrinking: 'shrinking',
};

/** Every state that applies, the most urgent first, each with the condition that says so. */
export const statesOf = (pool: PoolResponse): readonly (readonly [StateKey, Condition | undefined])[] => {
  const ready = conditionOf(pool, 'Ready');
  const progressing = conditionOf(pool, 'Progressing');
  const progress = progressing?.status === 'True' ? PROGRESS[progressing.reason] : undefined;
  const found: (readonly [StateKey, Condition | undefined] | false | undefined)[] = [
    pool.deletingSince !== undefined && (['deleting', undefined] as const),
    isTrue(pool, 'Unreadable') && (['unreadable', conditionOf(pool, 'Unreadable')] as const),
    ready?.reason === 'Exhausted' && (['exhausted', ready] as const),
    isTrue(pool, 'Degraded') && (['degraded', conditionOf(pool, 'Degraded')] as const),
    isTrue(pool, 'ScalingLimited') && (['poolMax', conditionOf(pool, 'ScalingLimited')] as const),
    ready?.reason === 'BufferLow' && (['bufferLow', ready] as const),
    progress !== undefined && ([progress, progressing] as const),
    ready?.status === 'True' && (['ready', progressing?.status === 'False' ? progressing : ready] as const),
  ];
  return found.filter((entry) => entry !== false && entry !== undefined);
};

export type PoolState = StateInfo & {
  readonly key: StateKey;
  /** The next state that applies, in short; undefined if there is none. */
  readonly second: string | undefined;
  /** When the first of them began; undefined if unknown. RFC 3339. */
  readonly since: string | undefined;
};

/** Where starts do not fail, but something else is wrong. */
const DEGRADED_SHORT: Partial<Record<Condition['reason'], string>> = {
  ForeignController: 'Contested',
  StuckTerminating: 'Members stuck',
  ForeignPods: 'Foreign pods',
};

const derive = (pool: PoolResponse): PoolState => {
  const states = statesOf(pool);
  const [key, condition] = states[0] ?? (['unknown', undefined] as const);
  const [next, why] = states.find(([other]) => other !== key) ?? [];
  const short = next && ((why && DEGRADED_SHORT[why.reason]) ?? STATES[next].short);
  const second = key === 'ready' ? 'Settled' : next === 'ready' ? undefined : short;
  const since = key === 'deleting' ? pool.deletingSince : condition?.lastTransitionTime;
  return { key, ...STATES[key], second, since };
};

const known = new WeakMap<PoolResponse, PoolState>();

/** Computed once per snapshot of a pool. */
export const poolState = (pool: PoolResponse): PoolState => {
  const state = known.get(pool) ?? derive(pool);
  known.set(pool, state);
  return state;
};

/** Failing and At poolMax: what somebody has to look at. A pool that is still filling up for the first time is not one. */
export const needsAttention = (pool: PoolResponse, nowMs: number): boolean => {
  const { key, group } = poolState(pool);
  if (key === 'exhausted') return !isFillingUp(pool, nowMs);
  return group === 'failing' || key === 'poolMax';
};

const FIRST_MINUTE_MS = 60_000;

const isFillingUp = (pool: PoolResponse, nowMs: number): boolean =>
  pool.generation === 1 &&
  !isTrue(pool, 'ScalingLimited') &&
  !isTrue(pool, 'Degraded') &&
  nowMs - Date.parse(pool.createdAt ?? '') < FIRST_MINUTE_MS;
