// The head of the table. Its columns sort; pressing the same one again turns the order round.
import { Icon } from '../../ui/icon.tsx';
import { IS_ASCENDING } from './sort-pools.ts';
import type { SortKey, View } from './view.ts';

export type SortProps = Pick<View, 'sort' | 'isReversed'> & { readonly change: (part: Partial<View>) => void };

type Column = { readonly key: SortKey; readonly word: string; readonly className: string };

export const COLUMNS: readonly Column[] = [
  { key: 'name', word: 'Pool', className: 'c-name' },
  { key: 'state', word: 'State', className: 'c-state' },
  { key: 'capacity', word: 'Capacity', className: 'c-cap' },
  { key: 'available', word: 'Available, 30 min', className: 'c-spark' },
  { key: 'claims', word: 'Claims/min', className: 'num c-cpm' },
  { key: 'hits', word: 'Hit rate', className: 'num c-hit' },
  { key: 'decision', word: 'Last decision', className: 'c-why' },
];

export const TableHead = ({ sort, isReversed, change }: SortProps) => (
  <thead>
    <tr aria-rowindex={1}>
      {COLUMNS.map(({ key, word, className }) => {
        const isSorted = key === sort;
        const isAscending = IS_ASCENDING[key] !== isReversed;
        return (
          <th
            key={key}
            scope="col"
            className={className}
            aria-sort={isSorted ? (isAscending ? 'ascending' : 'descending') : undefined}
          >
            <button
              type="button"
              className="sorter"
              onClick={() => {
                change({ sort: key, isReversed: isSorted && !isReversed });
              }}
            >
              {word}
              <Icon name="sortdown" {...(isSorted && isAscending && { className: 'turned' })} />
            </button>
          </th>
        );
      })}
    </tr>
  </thead>
);
