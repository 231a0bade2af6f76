// Nothing moves under the hand: while the pointer or the keyboard is in a list, its rows stay where they are.

/**
 * The shown names that still exist, in their order, then those that are new. `next` may be older than what exists: a name
 * that it still has and that is gone is not new, or the order would never settle.
 */
export const keepOrder = (
  shown: readonly string[],
  next: readonly string[],
  exists: (name: string) => boolean,
): readonly string[] => {
  const known = new Set(shown);
  return [...shown.filter(exists), ...next.filter((name) => !known.has(name) && exists(name))];
};

export const isSameOrder = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, index) => name === other[index]);
