// The order, where the table has no head to press: on narrow screens.
import { Icon } from '../../ui/icon.tsx';
import { COLUMNS, type SortProps } from './table-head.tsx';
import { SORT_KEYS } from './view.ts';

export const SortSelect = ({ sort, change }: SortProps) => (
  <span className="btn icon-only sort-select narrow-only" title="Sort by">
    <Icon name="sortdown" />
    <select
      aria-label="Sort by"
      value={sort}
      onChange={({ target }) => {
        const key = SORT_KEYS.find((known) => known === target.value);
        if (key !== undefined) change({ sort: key, isReversed: false });
      }}
    >
      {COLUMNS.map(({ key, word }) => (
        <option key={key} value={key}>
          {word}
        </option>
      ))}
    </select>
  </span>
);
