// What was true at the crosshair, and the decision nearest to it.
import { Sentence } from '../../../pool/sentence.tsx';
import { formatCount } from '../../../ui/format.ts';
import { ShortTime } from '../../../ui/time.tsx';
import { EffectSign } from '../decisions/effect-sign.tsx';
import type { ChartData } from './chart-data.ts';
import { LineKey, type LineName } from './line-key.tsx';
import type { RailMark } from './rail.ts';
import type { Scales } from './use-chart.ts';

type HoverCardProps = {
  readonly data: ChartData;
  readonly index: number;
  readonly marks: readonly RailMark[];
  readonly scales: Scales;
  /** Under the chart, not over it. */
  readonly isDocked: boolean;
};

const WIDTH = 336;
const GAP = 12;
/** A decision farther away than this is not of this moment, in pixels. */
const NEAR_PX = 8;

const LINES: readonly LineName[] = ['desired', 'allocated', 'available', 'starting'];

export const HoverCard = ({ data, index, marks, scales, isDocked }: HoverCardProps) => {
  const time = data.time[index];
  if (time === undefined) return null;
  const x = scales.toX(time);
  const near = marks
    .filter((mark) => Math.abs(mark.x - x) <= NEAR_PX)
    .sort((one, other) => Math.abs(one.x - x) - Math.abs(other.x - x))[0];
  const isLeft = x > WIDTH + GAP;
  const place = isDocked ? {} : { left: scales.left + (isLeft ? x - WIDTH - GAP : x + GAP), top: scales.top };
  return (
    <div className={isDocked ? 'hover-card docked' : 'hover-card'} style={place} role="status">
      <div className="hc-head">
        <ShortTime at={new Date(time * 1_000).toISOString()} />
        {near && <EffectSign decision={near.decision} />}
      </div>
      {near && (
        <p>
          <Sentence text={near.decision.sentence} />
        </p>
      )}
      <dl className="quad">
        {LINES.map((name) => (
          <div key={name}>
            <dt>
              <LineKey name={name} />
              {name}
            </dt>
            <dd>{formatValue(data[name][index])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
};

const formatValue = (count: number | null | undefined): string =>
  typeof count === 'number' ? formatCount(count) : '–';
