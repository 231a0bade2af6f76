// The capacity bar of a row, and its numbers.
import type { PoolResponse } from '../../../contract/pool.ts';
import { CapacityBar } from '../../pool/capacity-bar.tsx';
import { capacityOf } from '../../pool/capacity-of.ts';
import { Swatch, type SwatchKind } from '../../pool/swatch.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';

type CapacityCellProps = { readonly pool: PoolResponse; readonly waiting: number };

const BAR_WIDTH = 160;

export const CapacityCell = ({ pool, waiting }: CapacityCellProps) => {
  const isNarrow = useIsNarrow();
  const capacity = capacityOf(pool, waiting);
  const { allocated, available, starting = 0, poolMax } = capacity;
  return (
    <div className="cell-bar">
      <CapacityBar capacity={capacity} width={isNarrow ? undefined : BAR_WIDTH} />
      {/* The bar's name has the same numbers. */}
      <div className="figures" aria-hidden="true">
        <Figure kind="allocated" count={allocated} />
        <Figure kind="available" count={available} />
        {starting > 0 && <Figure kind="starting" count={starting} />}
        {waiting > 0 && (
          <span className="waiting" title="claims waiting">
            <Icon name="waiting" className="tiny" />
            {formatCount(waiting)}
          </span>
        )}
        <span className="max" title="poolMax">
          <Swatch kind="poolMax" />
          {formatCount(poolMax)}
        </span>
      </div>
    </div>
  );
};

const Figure = ({ kind, count }: { readonly kind: SwatchKind; readonly count: number }) => (
  <span title={kind}>
    <Swatch kind={kind} />
    {formatCount(count)}
  </span>
);
