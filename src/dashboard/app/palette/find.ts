// What the palette finds: a pure ranking, so that it can be tested without a page.

/** The text with the part that matches, for display. */
export type Match = { readonly before: string; readonly hit: string; readonly after: string };

/** Undefined if `query` is not in `text`. Case does not matter. */
const match = (text: string, query: string): Match | undefined => {
  const at = text.toLowerCase().indexOf(query.toLowerCase());
  if (at < 0) return undefined;
  const end = at + query.length;
  return { before: text.slice(0, at), hit: text.slice(at, end), after: text.slice(end) };
};

/** The items whose text matches: those that begin with the query first, then in their own order; at most `limit`. */
export const find = <Item>(
  items: readonly Item[],
  textOf: (item: Item) => string,
  query: string,
  limit: number,
): readonly { readonly item: Item; readonly match: Match }[] => {
  const found = items.flatMap((item) => {
    const hit = match(textOf(item), query);
    return hit === undefined ? [] : [{ item, match: hit }];
  });
  const starts = found.filter(({ match: { before } }) => before === '');
  const others = found.filter(({ match: { before } }) => before !== '');
  return [...starts, ...others].slice(0, limit);
};
