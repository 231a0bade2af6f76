// Find a pool, or run an action, with the keyboard alone. The input keeps the focus; arrows move the selection.
import { Modal } from '@mantine/core';
import { useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { poolPath } from '../../pool/pool-paths.ts';
import { Icon } from '../../ui/icon.tsx';
import { useReturnFocus } from '../../ui/use-return-focus.ts';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';
import { closeOverlay } from '../overlays.ts';
import { useEntries } from './entries.ts';
import { PaletteList } from './palette-list.tsx';

export const Palette = () => {
  useReturnFocus();
  const [query, setQuery] = useState('');
  const [selected, select] = useState(0);
  const [, navigate] = useLocation();
  const entries = useEntries(query.trim());
  const runs = [
    ...entries.pools.map(({ item }) => () => {
      navigate(poolPath(item.name));
    }),
    ...entries.actions.map(({ item }) => item.run),
  ];
  const current = Math.min(selected, runs.length - 1);

  const run = (index: number): void => {
    closeOverlay();
    runs[index]?.();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Partial<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) select((current + step + runs.length) % Math.max(1, runs.length));
    else if (event.key === 'Enter') run(current);
    else return;
    event.preventDefault();
  };

  return (
    <Modal
      opened
      onClose={closeOverlay}
      withCloseButton={false}
      size={640}
      fullScreen={useIsNarrow()}
      padding={0}
      aria-label="Find or run"
      classNames={{ content: 'dialog-box palette' }}
    >
      <div className="palette-input">
        <Icon name="search" />
        <input
          className="value"
          role="combobox"
          aria-label="Find a pool or an action"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={current >= 0 ? `palette-${current}` : undefined}
          autoFocus
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            select(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <PaletteList entries={entries} selected={current} onRun={run} />
      <div className="palette-foot">
        <span>
          <kbd>↑</kbd>
          <kbd>↓</kbd> select
        </span>
        <span>
          <kbd>Enter</kbd> open
        </span>
      </div>
    </Modal>
  );
};
