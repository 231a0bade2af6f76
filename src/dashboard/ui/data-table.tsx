// A table of a pool page: a head, then one group of rows per item, only those in view if there are many.
import type { ReactNode } from 'react';
import { Gap } from './gap.tsx';
import { useVisibleRows } from './use-visible-rows.ts';

export type Column = {
  readonly name: string;
  readonly isNumber?: boolean;
  /** Only for screen readers. */
  readonly isHidden?: boolean;
};

type DataTableProps<Item> = {
  readonly kind: string;
  readonly label: string;
  readonly columns: readonly Column[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** One `tr` or more. */
  readonly row: (item: Item) => ReactNode;
  /** Usual height of an item on narrow screens, in pixels. */
  readonly narrowHeight: number;
};

const WIDE_HEIGHT = 37;

export const DataTable = <Item,>({ kind, label, columns, items, keyOf, row, narrowHeight }: DataTableProps<Item>) => {
  const keys = items.map(keyOf);
  const { ref, indexes, above, below, measure } = useVisibleRows(keys, { wide: WIDE_HEIGHT, narrow: narrowHeight });
  return (
    <table ref={ref} className={`table small ${kind}`} aria-label={label} aria-rowcount={items.length + 1}>
      <thead>
        <tr>
          {columns.map(({ name, isNumber, isHidden }) => (
            <th key={name} scope="col" className={isNumber ? 'num' : undefined}>
              {isHidden ? <span className="sr">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <Gap height={above} />
      {indexes.map((index) => {
        const item = items[index];
        return item === undefined ? null : (
          <tbody key={keys[index]} ref={measure} data-index={index}>
            {row(item)}
          </tbody>
        );
      })}
      <Gap height={below} />
    </table>
  );
};
