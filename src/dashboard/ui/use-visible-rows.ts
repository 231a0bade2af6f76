// Which rows of a table are drawn: all of a short one, those in view of a long one.
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useIsNarrow } from './use-is-narrow.ts';

const ALL_UP_TO = 100;
const OVERSCAN = 8;
const HEAD_HEIGHT = 33;

/** Usual heights of a row in pixels. Rows differ, so each is measured once it is drawn. */
export type RowHeight = { readonly wide: number; readonly narrow: number };

/**
 * The indexes of the rows to draw. `keys` identify the rows, in their order. `ref` is the table's; `measure` is that of
 * each row, which also needs its index as `data-index`; `above` and `below` are the heights of what is left out.
 */
export const useVisibleRows = (keys: readonly string[], height: RowHeight) => {
  const isNarrow = useIsNarrow();
  const isLong = keys.length > ALL_UP_TO;
  const ref = useRef<HTMLTableElement>(null);
  const scrollMargin = useTop(ref) + (isNarrow ? 0 : HEAD_HEIGHT);
  const virtualizer = useWindowVirtualizer({
    count: keys.length,
    enabled: isLong,
    estimateSize: () => (isNarrow ? height.narrow : height.wide),
    getItemKey: useCallback((index: number) => keys[index] ?? index, [keys]),
    overscan: OVERSCAN,
    scrollMargin,
  });
  if (!isLong) return { ref, indexes: keys.map((_, index) => index), above: 0, below: 0, measure: undefined };
  const items = virtualizer.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  return {
    ref,
    indexes: items.map(({ index }) => index),
    above: first === undefined ? 0 : first.start - scrollMargin,
    below: last === undefined ? 0 : virtualizer.getTotalSize() - (last.end - scrollMargin),
    measure: virtualizer.measureElement,
  };
};

/** Where an element begins on the page; what is above the table grows and shrinks. */
const useTop = (ref: React.RefObject<HTMLElement | null>): number => {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      setTop(Math.round((ref.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
    });
    observer.observe(document.body);
    return () => {
      observer.disconnect();
    };
  }, [ref]);
  return top;
};
