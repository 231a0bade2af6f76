// The pools that need attention, the most urgent first: why, and the one action that helps.
import { useState } from 'react';
import { livePools } from '../../api/live-pools.ts';
import { Button } from '../../ui/button.tsx';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';
import { AttentionRow } from './attention-row.tsx';
import type { SummaryOf } from './select-pools.ts';
import { useHold, useSteadyOrder } from './use-steady-order.ts';

/** More would push the table out of sight. */
const SHOWN_MAX = { wide: 5, narrow: 3 };

type AttentionListProps = { readonly names: readonly string[]; readonly summaryOf: SummaryOf };

const exists = (name: string): boolean => livePools.get().pools?.has(name) === true;

export const AttentionList = ({ names: next, summaryOf }: AttentionListProps) => {
  const { isHeld, handlers } = useHold();
  const names = useSteadyOrder(next, { isHeld, request: undefined, exists });
  const [isWhole, setWhole] = useState(false);
  const shownMax = SHOWN_MAX[useIsNarrow() ? 'narrow' : 'wide'];
  if (names.length === 0) return null;
  const shown = isWhole ? names : names.slice(0, shownMax);
  return (
    <div {...handlers}>
      <ul className="attention" aria-label="Pools that need attention">
        {shown.map((name) => (
          <AttentionRow key={name} name={name} summaryOf={summaryOf} isOnly={names.length === 1} />
        ))}
      </ul>
      {names.length > shownMax && (
        <Button
          kind="quiet"
          small
          className="attention-all"
          icon={isWhole ? 'up' : 'down'}
          aria-expanded={isWhole}
          onClick={() => {
            setWhole(!isWhole);
          }}
        >
          {isWhole ? `Show the first ${shownMax}` : `Show all ${names.length}`}
        </Button>
      )}
    </div>
  );
};
