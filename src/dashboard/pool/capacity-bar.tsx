// One picture of capacity, the same in table, page, plan and palette.
import { useElementSize } from '@mantine/hooks';
import { capacityBarShapes, type Capacity, type CapacityBarShapes } from './capacity-bar-geometry.ts';
import { describeCapacity } from './describe-capacity.ts';

type CapacityBarProps = {
  readonly capacity: Capacity;
  /** In pixels; undefined: the width of its container. */
  readonly width?: number | undefined;
  /** In pixels. Default 16. */
  readonly height?: number;
};

export const CapacityBar = ({ width, ...props }: CapacityBarProps) =>
  width === undefined ? <FluidBar {...props} /> : <Bar {...props} width={width} />;

const FLUID_START = 160;

const FluidBar = (props: Omit<CapacityBarProps, 'width'>) => {
  const { ref, width } = useElementSize();
  return (
    <div ref={ref}>
      <Bar {...props} width={Math.floor(width) || FLUID_START} />
    </div>
  );
};

const Bar = ({ capacity, width, height = 16 }: CapacityBarProps & { readonly width: number }) => {
  const { band, segments, waiting, breaks, limit } = capacityBarShapes(capacity, width);
  const top = height / 4;
  const bar = height / 2;
  return (
    <svg
      className="cap-bar"
      role="img"
      aria-label={describeCapacity(capacity)}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      {band && <rect className="b-band" x={band.x} y={0} width={band.width} height={height} />}
      <rect className="b-track" x={0} y={top} width={limit} height={bar} />
      {band && !band.isOpen && <rect className="b-band" x={band.x} y={top} width={band.width} height={bar} />}
      {segments.map(({ kind, x, width: length }) => (
        <Segment key={kind} kind={kind} x={x} y={top} width={length} height={bar} />
      ))}
      {breaks.map((x) => (
        <path key={x} className="b-break" d={`M${x - 3} ${top + bar}l3 -${bar}M${x + 1} ${top + bar}l3 -${bar}`} />
      ))}
      {band && <BandEdges band={band} height={height} />}
      {waiting && <path className="b-waiting" d={`M${waiting.x} ${top + bar + 2}h${waiting.width}`} />}
      <rect className="b-limit" x={limit} y={0} width={2} height={height} />
    </svg>
  );
};

type SegmentProps = CapacityBarShapes['segments'][number] extends { kind: infer Kind }
  ? { readonly kind: Kind; readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  : never;

const Segment = ({ kind, ...box }: SegmentProps) => {
  if (kind === 'starting') return <rect className="b-hatch" {...box} />;
  if (kind === 'terminating')
    return (
      <rect
        className="b-terminating"
        {...box}
        x={box.x + 0.5}
        y={box.y + 0.5}
        width={box.width - 1}
        height={box.height - 1}
      />
    );
  return <rect className={`b-${kind}`} {...box} />;
};

type BandEdgesProps = { readonly band: NonNullable<CapacityBarShapes['band']>; readonly height: number };

const BandEdges = ({ band: { x, width, isOpen }, height }: BandEdgesProps) => {
  const end = x + width;
  const low = height / 4 - 1;
  const high = height - low;
  const floor = height - 0.5;
  if (isOpen) return <path className="b-edge b-open" d={`M${x} ${floor}H${end}M${x} .5H${end}`} />;
  const sides = [x + 0.5, end - 0.5].map((side) => `M${side} 0V${low}M${side} ${high}V${height}`).join('');
  return <path className="b-edge" d={`${sides}M${x} ${floor}H${end}`} />;
};
