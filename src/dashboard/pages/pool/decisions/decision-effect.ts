// What a decision did, in one sign.
import type { Decision } from '../../../../contract/decision.ts';

export type Effect = 'grew' | 'shrank' | 'held' | 'none';

/** Reasons that kept a pool from what it wants. */
const HELD_BY: ReadonlySet<string> = new Set(['PoolMax', 'BackingOff', 'PullingImage']);

export const effectOf = ({ create, remove, reasons }: Pick<Decision, 'create' | 'remove' | 'reasons'>): Effect => {
  if (create > remove.length) return 'grew';
  if (remove.length > 0) return 'shrank';
  return reasons.some(({ code }) => HELD_BY.has(code)) ? 'held' : 'none';
};
