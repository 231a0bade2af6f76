// Random numbers from a seed, so that two demos with one seed have the same character.

/** Returns the next number of its sequence, from 0 (inclusive) to 1. */
export type Random = () => number;

/** A sequence for each seed and name. Source of the generator: mulberry32, by Tommy Ettinger. */
export const createRandom = (seed: number, name: string): Random => {
  let state = Array.from(name).reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 16_777_619), seed | 0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A number between the bounds. */
export const between = (random: Random, [min, max]: readonly [number, number]): number => min + random() * (max - min);

export const oneOf = <Item>(random: Random, [first, ...others]: readonly [Item, ...Item[]]): Item =>
  others[Math.floor(random() * (others.length + 1)) - 1] ?? first;
