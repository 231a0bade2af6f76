// The rail of decisions under the chart: up for members created, down for members removed, a circle for held back, a
// dotted line for a new template.
import type { Decision } from '../../../../contract/decision.ts';
import { effectOf } from '../decisions/decision-effect.ts';

export type RailMark = {
  /** Centre, in pixels. */
  readonly x: number;
  readonly created: number;
  readonly removed: number;
  readonly isHeld: boolean;
  /** The newest of those that the mark stands for. */
  readonly decision: Decision;
};

/** Neighbours that are closer than this are one mark, in pixels. */
const MERGE_PX = 6;

/** `decisions` newest first; those outside of the chart are left out. */
export const railMarks = (
  decisions: readonly Decision[],
  toX: (epochSeconds: number) => number,
  width: number,
): readonly RailMark[] => {
  const marks: RailMark[] = [];
  for (const decision of decisions.toReversed()) {
    const x = toX(Date.parse(decision.at) / 1_000);
    if (x < 0 || x > width) continue;
    const mark = {
      x,
      created: decision.create,
      removed: decision.remove.length,
      isHeld: effectOf(decision) === 'held',
      decision,
    };
    const last = marks.at(-1);
    if (last !== undefined && x - last.x < MERGE_PX && last.isHeld === mark.isHeld)
      marks[marks.length - 1] = {
        ...mark,
        x: last.x,
        created: last.created + mark.created,
        removed: last.removed + mark.removed,
      };
    else marks.push(mark);
  }
  return marks;
};

const MARK_PX = 3;
const MARK_MAX_PX = 12;

/** Height of a mark for so many members, in pixels. */
export const markHeight = (count: number): number =>
  count === 0 ? 0 : Math.min(MARK_MAX_PX, MARK_PX + 3 * Math.log2(count));

export type GenerationMark = { readonly x: number; readonly generation: number; readonly isNamed: boolean };

/** Room that a name needs, in pixels. */
const NAME_PX = 88;

/** Where the specification changed: at the first decision of each generation but the first one known. Names do not overlap. */
export const generationMarks = (
  decisions: readonly Decision[],
  toX: (epochSeconds: number) => number,
  width: number,
): readonly GenerationMark[] => {
  const oldest = decisions.toReversed();
  const marks = oldest.flatMap(({ generation, at }, index) => {
    const x = toX(Date.parse(at) / 1_000);
    const isChange = index > 0 && generation !== oldest[index - 1]?.generation;
    return isChange && x >= 0 && x <= width ? [{ x, generation }] : [];
  });
  return marks.map((mark, index) => ({ ...mark, isNamed: (marks[index + 1]?.x ?? width) - mark.x >= NAME_PX }));
};
