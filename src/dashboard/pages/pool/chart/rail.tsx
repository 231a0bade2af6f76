// Decisions under the time axis.
import type { Decision } from '../../../../contract/decision.ts';
import { generationMarks, markHeight, type RailMark } from './rail.ts';
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
    {generationMarks(decisions, toX, width).map(({ x, generation, isNamed }) => (
      <span key={generation} className="generation-mark" style={{ left: left + x, top, height }} aria-hidden="true">
        {isNamed && `generation ${generation}`}
      </span>
    ))}
  </>
);
