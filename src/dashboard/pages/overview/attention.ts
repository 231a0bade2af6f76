// What the overview says about the pools that need attention.
import type { PoolResponse } from '../../../contract/pool.ts';
import { conditionOf, needsAttention, poolState } from '../../pool/pool-state.ts';
import { urgencyOf } from './sort-pools.ts';

/** Names of the pools that need attention: the most urgent first, then those that have needed it longest. */
export const attentionOrder = (pools: Iterable<PoolResponse>, nowMs: number): readonly string[] =>
  [...pools]
    .filter((pool) => needsAttention(pool, nowMs))
    .map((pool) => ({ name: pool.name, state: poolState(pool) }))
    .sort(
      (one, other) =>
        urgencyOf(one.state) - urgencyOf(other.state) ||
        compareTexts(one.state.since ?? '~', other.state.since ?? '~') ||
        compareTexts(one.name, other.name),
    )
    .map(({ name }) => name);

const compareTexts = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** The title of the page. */
export const attentionTitle = (count: number, total: number): string => {
  if (total === 1) return count === 0 ? 'The pool is fine' : 'The pool needs attention';
  if (count === 0) return `None of ${total} pools needs attention`;
  if (count === total) return `All ${total} pools need attention`;
  return `${count} of ${total} pools ${count === 1 ? 'needs' : 'need'} attention`;
};

/** The one action that helps: its word, and where below the pool's page it is. */
export const helpFor = (pool: PoolResponse): { readonly word: string; readonly path: string } | undefined => {
  const { key, group } = poolState(pool);
  if (key === 'unreadable') return { word: 'Edit YAML…', path: '/yaml' };
  if (conditionOf(pool, 'Degraded')?.status === 'True') return { word: 'Edit template…', path: '/yaml' };
  if (conditionOf(pool, 'ScalingLimited')?.status === 'True') return { word: 'Raise poolMax…', path: '#capacity' };
  if (group === 'failing') return { word: 'Raise bufferMin…', path: '#capacity' };
  return undefined;
};

/** The sentence that a condition has; undefined where the plan of this moment says more. */
export const toldSentence = (pool: PoolResponse): string | undefined => {
  const told = [conditionOf(pool, 'Unreadable'), conditionOf(pool, 'Degraded')];
  return told.find((condition) => condition?.status === 'True')?.message;
};

/** When members are started again after failed starts, in epoch milliseconds; the condition has it in its message. */
export const nextTryMs = (pool: PoolResponse): number | undefined => {
  const degraded = conditionOf(pool, 'Degraded');
  if (degraded?.status !== 'True') return undefined;
  const at = /next try at (\S+Z)/.exec(degraded.message)?.[1];
  return at === undefined ? undefined : Date.parse(at);
};
