// What a decision did, in one sign.
import type { Decision } from '../../../../contract/decision.ts';

export type Effect = 'grew' | 'shrank' | 'replaced' | 'held' | 'none';

/** Reasons that kept a pool from its desired size. */
const HELD_BY: ReadonlySet<string> = new Set(['PoolMax', 'BackingOff', 'PullingImage']);

/** By the change of the pool's size; `held` and `none` where nothing was created or removed. */
export const effectOf = ({ create, remove, reasons }: Pick<Decision, 'create' | 'remove' | 'reasons'>): Effect => {
  if (create > remove.length) return 'grew';
  if (create < remove.length) return 'shrank';
  if (create > 0) return 'replaced';
  return reasons.some(({ code }) => HELD_BY.has(code)) ? 'held' : 'none';
};
