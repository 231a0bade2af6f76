// How many members `maxUnavailable` of a strategy allows.
import { INT32_MAX } from '../../contract/limits.ts';
import { MAX_UNAVAILABLE_DEFAULT } from '../../contract/strategies.ts';
import type { StoredStrategy } from './observed-pool.ts';

/**
 * How many of `total` members may be unavailable at once: at least 1, default 25 %. A percentage is rounded up; a value
 * that is neither an integer nor `^\d+%$` is treated as 1.
 * Source: OpenSandbox's pool controller.
 */
export const maxUnavailableOf = (strategy: StoredStrategy | undefined, total: number): number => {
  const given = strategy?.maxUnavailable ?? MAX_UNAVAILABLE_DEFAULT;
  if (typeof given === 'number') return Number.isInteger(given) ? Math.max(1, given) : 1;
  if (!/^\d+%$/.test(given)) return 1;
  // Hundreds of digits would be Infinity, and Infinity · 0 is NaN.
  const percent = Math.min(Number(given.slice(0, -1)), INT32_MAX);
  return Math.max(1, Math.ceil((percent * total) / 100));
};
