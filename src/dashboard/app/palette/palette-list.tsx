// The list of the palette: pools with their state and capacity, then actions.
import { useEffect } from 'react';
import { CapacityBar } from '../../pool/capacity-bar.tsx';
import { capacityOf } from '../../pool/capacity-of.ts';
import { poolState } from '../../pool/pool-state.ts';
import { StateLabel } from '../../pool/state-label.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Entries } from './entries.ts';
import type { Match } from './find.ts';

type PaletteListProps = {
  readonly entries: Entries;
  readonly selected: number;
  readonly onRun: (index: number) => void;
};

export const PaletteList = ({ entries: { pools, actions }, selected, onRun }: PaletteListProps) => {
  useEffect(() => {
    document.getElementById(`palette-${selected}`)?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const option = (index: number) => ({
    id: `palette-${index}`,
    role: 'option',
    'aria-selected': index === selected,
    onClick: () => {
      onRun(index);
    },
  });
  return (
    <div className="palette-list" id="palette-list" role="listbox" aria-label="Pools and actions">
      {pools.length > 0 && (
        <ul role="group" aria-label="Pools">
          <li className="group-name" role="presentation">
            Pools
          </li>
          {pools.map(({ item, match }, index) => {
            const state = poolState(item);
            return (
              <li key={item.uid} {...option(index)}>
                <span className="state-col">
                  <StateLabel icon={state.icon} word={state.word} tone={state.tone} />
                </span>
                <Marked match={match} />
                <span className="grow" />
                <CapacityBar capacity={capacityOf(item)} width={96} />
                <span className="count">{formatCount(item.status?.available ?? 0)} available</span>
              </li>
            );
          })}
        </ul>
      )}
      {actions.length > 0 && (
        <ul role="group" aria-label="Actions">
          <li className="group-name" role="presentation">
            Actions
          </li>
          {actions.map(({ item, match }, index) => (
            <li key={item.name} {...option(pools.length + index)}>
              <Icon name="right" />
              <Marked match={match} />
              <span className="grow" />
              {item.keys?.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </li>
          ))}
        </ul>
      )}
      {pools.length + actions.length === 0 && <p className="t3 nothing">Nothing matches.</p>}
    </div>
  );
};

const Marked = ({ match: { before, hit, after } }: { readonly match: Match }) => (
  <b>
    {before}
    {hit !== '' && <mark>{hit}</mark>}
    {after}
  </b>
);
