// Places labels beside the ends of their lines, without overlaps.

export type Label = { readonly key: string; readonly y: number };

const DISTANCE_PX = 14;

/** Each label as near to its line as the others allow, between 0 and `height`; in the order of their lines. */
export const layOut = (labels: readonly Label[], height: number): ReadonlyMap<string, number> => {
  const sorted = [...labels].sort((one, other) => one.y - other.y);
  const ys: number[] = [];
  for (const { y } of sorted) ys.push(Math.max(y, (ys.at(-1) ?? -Infinity) + DISTANCE_PX));
  let limit = height;
  for (let index = ys.length - 1; index >= 0; index--) {
    ys[index] = Math.min(ys[index] ?? 0, limit);
    limit = (ys[index] ?? 0) - DISTANCE_PX;
  }
  return new Map(sorted.map(({ key }, index) => [key, ys[index] ?? 0]));
};
