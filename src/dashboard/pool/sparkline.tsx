// How many members were available in the last 30 minutes, over the band of the buffer.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import { SPARKLINE_HEIGHT, SPARKLINE_WIDTH, sparklineShapes } from './sparkline-geometry.ts';

type SparklineProps = {
  readonly values: readonly (number | null)[];
  readonly now: number | undefined;
  readonly capacity: CapacitySpec;
};

export const Sparkline = ({ values, now, capacity: { bufferMin, bufferMax } }: SparklineProps) => {
  const { band, line, zero, dot, lowest } = sparklineShapes({ values, now, bufferMin, bufferMax });
  const label = lowest === undefined ? 'nothing sampled' : `now ${now ?? 'unknown'}, lowest ${lowest}`;
  return (
    <svg
      className="spark"
      width={SPARKLINE_WIDTH}
      height={SPARKLINE_HEIGHT}
      viewBox={`0 0 ${SPARKLINE_WIDTH} ${SPARKLINE_HEIGHT}`}
      role="img"
      aria-label={`Available, last 30 minutes: ${label}`}
    >
      {band && <rect className="s-band" x="0" y={band.y} width="93" height={band.height} />}
      <path className="s-base" d="M0 26.5H93" />
      <path className="s-line" d={line} />
      {zero !== '' && <path className="s-zero" d={zero} />}
      {dot && <circle className={dot.isZero ? 's-now zero' : 's-now'} cx={dot.x} cy={dot.y} r="2.25" />}
    </svg>
  );
};
