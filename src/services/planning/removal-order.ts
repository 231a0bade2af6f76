// Which members are removed first. Both orders are total, so a plan does not depend on the order of members.
import { isStarting } from './census.ts';
import type { ObservedMember } from './observed-pool.ts';

type Order = (a: ObservedMember, b: ObservedMember) => number;

const descending = (a: number, b: number) => (a === b ? 0 : a > b ? -1 : 1);

const startingFirst: Order = (a, b) => descending(Number(isStarting(a)), Number(isStarting(b)));

/** By name, ascending, in code units. */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name === b.name ? 0 : a.name < b.name ? -1 : 1;

/**
 * In an update: starting first, then later ready (one that was never ready is last), more restarts, newer, then name.
 * Source: OpenSandbox's pool controller.
 */
export const updateOrder: Order = (a, b) =>
  startingFirst(a, b) ||
  descending(a.readyAtMs ?? -Infinity, b.readyAtMs ?? -Infinity) ||
  descending(a.restarts, b.restarts) ||
  descending(a.createdAtMs, b.createdAtMs) ||
  byName(a, b);

/** When shrinking: starting first, then stale (of another revision than the given one), then newest, then name. */
export const shrinkOrder = (revision: string): Order => {
  const staleFirst: Order = (a, b) => descending(Number(a.revision !== revision), Number(b.revision !== revision));
  return (a, b) => startingFirst(a, b) || staleFirst(a, b) || descending(a.createdAtMs, b.createdAtMs) || byName(a, b);
};
