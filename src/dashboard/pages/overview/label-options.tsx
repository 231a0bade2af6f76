// The labels that exist, each with the number of pools that have it.
import { Fragment, useMemo, useState } from 'react';
import type { PoolResponse } from '../../../contract/pool.ts';
import { formatCount } from '../../ui/format.ts';
import { countLabels, isChosen, type LabelChoice, type LabelCount } from './labels.ts';

type LabelOptionsProps = {
  readonly choice: LabelChoice;
  readonly pools: ReadonlyMap<string, PoolResponse>;
  readonly toggle: (key: string, value: string) => void;
};

/** More are found by typing. */
const SHOWN_MAX = 100;

export const LabelOptions = ({ choice, pools, toggle }: LabelOptionsProps) => {
  const [text, setText] = useState('');
  // As of the opening: the options do not move while somebody chooses.
  const [all] = useState(() => countLabels(pools.values()));
  const found = useMemo(() => {
    const sought = text.trim().toLowerCase();
    return all.filter(({ key, value }) => `${key}=${value}`.toLowerCase().includes(sought));
  }, [all, text]);
  if (all.length === 0) return <p className="t3">No pool has a label.</p>;
  const shown = found.slice(0, SHOWN_MAX);
  return (
    <>
      <input
        className="input"
        data-autofocus
        aria-label="Find a label"
        placeholder="Find a label"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
        }}
      />
      <ul className="label-options">
        {shown.map((label, index) => (
          <Fragment key={`${label.key}=${label.value}`}>
            {label.key !== shown[index - 1]?.key && <li className="label-key">{label.key}</li>}
            <Option label={label} isChecked={isChosen(choice, label.key, label.value)} toggle={toggle} />
          </Fragment>
        ))}
      </ul>
      {found.length === 0 && <p className="t3">No label contains this text.</p>}
      {found.length > SHOWN_MAX && (
        <p className="t3">{formatCount(found.length - SHOWN_MAX)} more: type to find them.</p>
      )}
    </>
  );
};

type OptionProps = {
  readonly label: LabelCount;
  readonly isChecked: boolean;
  readonly toggle: LabelOptionsProps['toggle'];
};

const Option = ({ label: { key, value, count }, isChecked, toggle }: OptionProps) => (
  <li>
    <label className="label-option">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={() => {
          toggle(key, value);
        }}
      />
      <span className="tag-text">{value === '' ? '(empty)' : value}</span>
      <span className="n">{formatCount(count)}</span>
    </label>
  </li>
);
