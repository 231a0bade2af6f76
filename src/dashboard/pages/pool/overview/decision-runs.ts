// Decisions as people read them: a run of small steps is one line.
import type { Decision } from '../../../../contract/decision.ts';

/** Decisions in a row, newest first; never empty. */
export type DecisionRun = {
  /** The newest. */
  readonly last: Decision;
  readonly count: number;
  /** Between the first and the last, in milliseconds. */
  readonly spanMs: number;
  /** Of all of them together, with the reasons of the newest. */
  readonly effect: Pick<Decision, 'create' | 'remove' | 'reasons'>;
};

const SMALL = 3;
const GAP_MAX_MS = 10_000;
const RUN_MIN = 3;
const RUN_SPAN_MS = 20_000;

const isSmall = ({ create, remove }: Decision): boolean => create + remove.length <= SMALL;

/** Runs do not cross multiples of 20 s: they keep their beginning while new decisions arrive. */
const spanOf = ({ at }: Decision): number => Math.floor(Date.parse(at) / RUN_SPAN_MS);

/** Whether two neighbours belong to one run: small steps, also those that only say what holds the pool back. */
const belongTogether = (newer: Decision, older: Decision): boolean =>
  isSmall(newer) &&
  isSmall(older) &&
  spanOf(newer) === spanOf(older) &&
  Date.parse(newer.at) - Date.parse(older.at) <= GAP_MAX_MS;

const toRun = (decisions: readonly Decision[]): DecisionRun[] => {
  const [last] = decisions;
  const first = decisions.at(-1);
  if (last === undefined || first === undefined) return [];
  return [
    {
      last,
      count: decisions.length,
      spanMs: Date.parse(last.at) - Date.parse(first.at),
      effect: {
        create: decisions.reduce((sum, { create }) => sum + create, 0),
        remove: decisions.flatMap(({ remove }) => remove),
        reasons: last.reasons,
      },
    },
  ];
};

/** Newest first, as the decisions are. At least three small steps in 20 s become one run. */
export const decisionRuns = (decisions: readonly Decision[]): readonly DecisionRun[] => {
  const groups: Decision[][] = [];
  for (const decision of decisions) {
    const group = groups.at(-1);
    const newer = group?.at(-1);
    if (group !== undefined && newer !== undefined && belongTogether(newer, decision)) group.push(decision);
    else groups.push([decision]);
  }
  return groups.flatMap((group) => (group.length < RUN_MIN ? group.flatMap((one) => toRun([one])) : toRun(group)));
};
