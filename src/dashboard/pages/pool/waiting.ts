// Which of two sources has the newest number of waiting clients.
import type { Decision } from '../../../contract/decision.ts';

/** How old a summary can be. */
const SAMPLED_MS = 10_000;

/** The last decision if it is newer than a sample can be, otherwise the sample. */
export const waitingOf = (
  sampled: number | undefined,
  decision: Pick<Decision, 'at' | 'observed'> | undefined,
  nowMs: number,
): number | undefined => {
  const isNewer = decision !== undefined && nowMs - Date.parse(decision.at) < SAMPLED_MS;
  return isNewer || sampled === undefined ? decision?.observed.unmet : sampled;
};
