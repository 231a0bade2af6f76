// The filters over the table, and what the colours of its bars are.
import { useMemo } from 'react';
import type { PoolResponse } from '../../../contract/pool.ts';
import { Swatch, type SwatchKind } from '../../pool/swatch.tsx';
import { Choice } from '../../ui/choice.tsx';
import { SearchInput } from '../../ui/search-input.tsx';
import { LabelFilter } from './label-filter.tsx';
import type { Selection } from './select-pools.ts';
import { SortSelect } from './sort-select.tsx';
import type { GroupFilter, View } from './view.ts';

type ToolsProps = {
  readonly view: View;
  readonly change: (part: Partial<View>) => void;
  /** Undefined while the pools are loading. */
  readonly counts: Selection['counts'] | undefined;
  readonly pools: ReadonlyMap<string, PoolResponse>;
};

const GROUPS = [
  { value: 'all', word: 'All' },
  { value: 'failing', word: 'Failing', icon: 'exhausted', tone: 'bad' },
  { value: 'low', word: 'Low', icon: 'low', tone: 'warn' },
  { value: 'changing', word: 'Changing', icon: 'rolling', tone: 'busy' },
  { value: 'ready', word: 'Ready', icon: 'ready', tone: 'ok' },
] as const;

export const Tools = ({ view, change, counts, pools }: ToolsProps) => {
  const options = useMemo(() => GROUPS.map((group) => ({ ...group, count: counts?.[group.value] })), [counts]);
  return (
    <div className="tools" role="search" aria-label="Filter the pools">
      <SearchInput
        label="Filter by name or label"
        value={view.text}
        onChange={(text) => {
          change({ text });
        }}
      />
      <Choice<GroupFilter>
        label="State"
        options={options}
        value={view.group}
        onChange={(group) => {
          change({ group });
        }}
      />
      <LabelFilter
        choice={view.labels}
        pools={pools}
        onChange={(labels) => {
          change({ labels });
        }}
      />
      <SortSelect sort={view.sort} isReversed={view.isReversed} change={change} />
      <span className="grow" />
      <Legend />
    </div>
  );
};

const KINDS: readonly SwatchKind[] = ['allocated', 'available', 'starting', 'buffer', 'poolMax'];

const Legend = () => (
  <div className="legend" aria-hidden="true">
    {KINDS.map((kind) => (
      <span key={kind}>
        <Swatch kind={kind} />
        {kind}
      </span>
    ))}
  </div>
);
