// Which members go first. Both orders are total, so a plan does not depend on the order in which members are observed.
import type { ObservedMember } from './observed-pool.ts';

type Order = (a: ObservedMember, b: ObservedMember) => number;

const highestFirst =
  (rank: (member: ObservedMember) => number): Order =>
  (a, b) => {
    const [left, right] = [rank(a), rank(b)];
    return left === right ? 0 : left > right ? -1 : 1;
  };

const inTurn =
  (...orders: readonly Order[]): Order =>
  (a, b) =>
    orders.reduce((result, order) => result || order(a, b), 0);

/** By name, ascending, in code units. */
export const byName: Order = (a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1);

const startingFirst = highestFirst(({ phase }) => Number(phase === 'starting'));
const newestFirst = highestFirst(({ createdAtMs }) => createdAtMs);

/**
 * In an update: starting first, then later ready (one that never was ready last), more restarts, newer, then name.
 * Source: OpenSandbox's pool controller.
 */
export const updateOrder: Order = inTurn(
  startingFirst,
  highestFirst(({ readyAtMs }) => readyAtMs ?? -Infinity),
  highestFirst(({ restarts }) => restarts),
  newestFirst,
  byName,
);

/** When shrinking: starting first, then stale (of another revision than the given one), then newest, then name. */
export const shrinkOrder = (revision: string): Order =>
  inTurn(
    startingFirst,
    highestFirst((member) => Number(member.revision !== revision)),
    newestFirst,
    byName,
  );
