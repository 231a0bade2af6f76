// Which rows of the table are drawn: all of a short one, those in view of a long one.
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';

const ALL_UP_TO = 100;
const OVERSCAN = 8;
/** In pixels. Narrow rows differ, so each is measured once it is drawn. */
const ROW = { wide: 45, narrow: 168 };
const HEAD_HEIGHT = 33;

/** `ref` is the table's, `measure` that of each row; `above` and `below` are the heights of what is left out. */
export const useVisibleRows = (names: readonly string[]) => {
  const isNarrow = useIsNarrow();
  const isLong = names.length > ALL_UP_TO;
  const ref = useRef<HTMLTableElement>(null);
  const scrollMargin = useTop(ref) + (isNarrow ? 0 : HEAD_HEIGHT);
  const virtualizer = useWindowVirtualizer({
    count: names.length,
    enabled: isLong,
    estimateSize: () => (isNarrow ? ROW.narrow : ROW.wide),
    getItemKey: useCallback((index: number) => names[index] ?? index, [names]),
    overscan: OVERSCAN,
    scrollMargin,
  });
  if (!isLong)
    return { ref, rows: names.map((name, index) => ({ name, index })), above: 0, below: 0, measure: undefined };
  const items = virtualizer.getVirtualItems();
  const rows = items.flatMap(({ index }) => {
    const name = names[index];
    return name === undefined ? [] : [{ name, index }];
  });
  const [first, last] = [items[0], items.at(-1)];
  return {
    ref,
    rows,
    above: first === undefined ? 0 : first.start - scrollMargin,
    below: last === undefined ? 0 : virtualizer.getTotalSize() - (last.end - scrollMargin),
    measure: isNarrow ? virtualizer.measureElement : undefined,
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
