// A table of a pool page: a head, then one row per item, only those in view if there are many.
import { Fragment, type ReactNode } from 'react';
import { useVirtualRows } from './use-virtual-rows.ts';

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
};

const ROW_HEIGHT = 36;

export const DataTable = <Item,>({ kind, label, columns, items, keyOf, row }: DataTableProps<Item>) => {
  const { ref, indexes, above, below } = useVirtualRows(items.length, ROW_HEIGHT);
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
      <tbody>
        <Gap height={above} columns={columns.length} />
        {indexes.map((index) => {
          const item = items[index];
          return item === undefined ? null : <Fragment key={keyOf(item)}>{row(item)}</Fragment>;
        })}
        <Gap height={below} columns={columns.length} />
      </tbody>
    </table>
  );
};

/** Stands for the rows that are not drawn. */
const Gap = ({ height, columns }: { readonly height: number; readonly columns: number }) =>
  height <= 0 ? null : (
    <tr aria-hidden="true" className="gap">
      <td colSpan={columns} style={{ height, padding: 0 }} />
    </tr>
  );
