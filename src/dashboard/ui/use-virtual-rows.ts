// Draws only the rows of a long table that are in view.
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';

const ALL_UP_TO = 100;
const OVERSCAN = 12;

/** The rows to draw, and the heights, in pixels, of what is left out above and below them. `ref` is the table's. */
export const useVirtualRows = (count: number, rowHeight: number) => {
  const ref = useRef<HTMLTableElement>(null);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: ref.current?.offsetTop ?? 0,
    enabled: count > ALL_UP_TO,
  });
  if (count <= ALL_UP_TO)
    return { ref, indexes: Array.from({ length: count }, (_, index) => index), above: 0, below: 0 };
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  return {
    ref,
    indexes: items.map(({ index }) => index),
    above: first === undefined ? 0 : first.start - virtualizer.options.scrollMargin,
    below: last === undefined ? 0 : virtualizer.getTotalSize() - (last.end - virtualizer.options.scrollMargin),
  };
};
