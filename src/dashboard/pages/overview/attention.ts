// What the overview says about the pools that need attention.
import type { PoolResponse } from '../../../contract/pool.ts';
import { conditionOf, needsAttention, poolState } from '../../pool/pool-state.ts';
import { compareTexts } from './compare-texts.ts';
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

/** The title of the page. */
export const attentionTitle = (count: number, total: number): string => {
  if (total === 1) return count === 0 ? 'The pool is fine' : 'The pool needs attention';
  if (count === 0) return `None of ${total} pools needs attention`;
  if (count === total) return `All ${total} pools need attention`;
  return `${count} of ${total} pools ${count === 1 ? 'needs' : 'need'} attention`;
};

/** When members are started again after failed starts, in epoch milliseconds; the condition has it in its message. */
export const nextTryMs = (pool: PoolResponse): number | undefined => {
  const degraded = conditionOf(pool, 'Degraded');
  if (degraded?.status !== 'True') return undefined;
  const at = /next try at (\S+Z)/.exec(degraded.message)?.[1];
  return at === undefined ? undefined : Date.parse(at);
};
