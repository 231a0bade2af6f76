// Decisions under the time axis.
import type { Decision } from '../../../../contract/decision.ts';
import { generationChanges, markHeight, type RailMark } from './rail.ts';
import type { Scales } from './use-chart.ts';

type RailProps = {
  readonly marks: readonly RailMark[];
  readonly decisions: readonly Decision[];
  readonly scales: Scales;
};

const HEIGHT = 28;
const MIDDLE = HEIGHT / 2;

export const Rail = ({ marks, decisions, scales: { left, width, top, height, toX } }: RailProps) => (
  <>
    <svg className="rail" width={left + width} height={HEIGHT} aria-hidden="true">
      <g transform={`translate(${left} 0)`}>
        <path className="c-rail" d={`M0 ${MIDDLE}.5H${width}`} />
        {marks.map(({ x, created, removed, isHeld, decision }) => (
          <g key={decision.id}>
            {created > 0 && <path className="c-up" d={`M${x} ${MIDDLE - 1}v-${markHeight(created)}`} />}
            {removed > 0 && <path className="c-down" d={`M${x} ${MIDDLE + 2}v${markHeight(removed)}`} />}
            {isHeld && <circle className="c-held" cx={x} cy={MIDDLE + 0.5} r="3.5" />}
          </g>
        ))}
      </g>
    </svg>
    {generationChanges(decisions).map(({ id, at, generation }) => {
      const x = toX(Date.parse(at) / 1_000);
      return x < 0 || x > width ? null : (
        <span key={id} className="generation-mark" style={{ left: left + x, top, height }} aria-hidden="true">
          generation {generation}
        </span>
      );
    })}
  </>
);
