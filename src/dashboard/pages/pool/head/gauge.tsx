// The capacity of the pool, large, with its numbers.
import { CapacityBar } from '../../../pool/capacity-bar.tsx';
import { GaugeMarks } from '../../../pool/gauge-marks.tsx';
import type { Capacity } from '../../../pool/capacity-bar-geometry.ts';
import { Swatch } from '../../../pool/swatch.tsx';
import { formatCount } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';

const KINDS = ['allocated', 'available', 'starting', 'failed'] as const;

export const Gauge = ({ capacity }: { readonly capacity: Capacity }) => (
  <div className="gauge">
    <CapacityBar capacity={capacity} height={24} />
    <GaugeMarks bounds={capacity} />
    <dl className="stats">
      {KINDS.map((kind) => (
        <Stat key={kind} word={kind} count={capacity[kind]} sign={<Swatch kind={kind} />} />
      ))}
      <Stat word="waiting" count={capacity.waiting} sign={<Icon name="waiting" />} />
    </dl>
  </div>
);

type StatProps = { readonly word: string; readonly count: number | undefined; readonly sign: React.JSX.Element };

const Stat = ({ word, count, sign }: StatProps) => (
  <div className="stat">
    <dt>{word}</dt>
    <dd>
      {sign}
      {count === undefined ? '–' : formatCount(count)}
    </dd>
  </div>
);
