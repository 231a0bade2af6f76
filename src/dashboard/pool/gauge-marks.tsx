// The bounds that a capacity bar marks, as its legend.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import { formatCount } from '../ui/format.ts';
import { Swatch } from './swatch.tsx';

type GaugeMarksProps = { readonly bounds: Pick<CapacitySpec, 'bufferMin' | 'bufferMax' | 'poolMax'> };

export const GaugeMarks = ({ bounds: { bufferMin, bufferMax, poolMax } }: GaugeMarksProps) => (
  <div className="gauge-marks">
    <span>
      <Swatch kind="buffer" />
      buffer {formatCount(bufferMin)} to {formatCount(bufferMax)}
    </span>
    <span>
      <Swatch kind="poolMax" />
      poolMax {formatCount(poolMax)}
    </span>
  </div>
);
