// The order, where the table has no head to press: on narrow screens.
import { COLUMNS, type SortProps } from './table-head.tsx';
import { IconButton } from '../../ui/button.tsx';
import { SORT_KEYS } from './view.ts';

export const SortSelect = ({ sort, isReversed, change }: SortProps) => (
  <div className="sort-select narrow-only">
    <label>
      <span className="t3">Sort by</span>
      <select
        className="input"
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
    </label>
    <IconButton
      icon={isReversed ? 'up' : 'down'}
      label="Turn the order round"
      aria-pressed={isReversed}
      onClick={() => {
        change({ isReversed: !isReversed });
      }}
    />
  </div>
);
