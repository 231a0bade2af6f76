// Members that do not end.
import { isStuck } from '../planning/census.ts';
import type { PoolProblem } from '../planning/conditions.ts';
import { byName } from '../planning/removal-order.ts';
import { agree, countOf } from '../planning/wording.ts';
import type { TableMember } from './member-table.ts';

/** The others are only counted. */
const NAMED_MAX = 5;

/** Which members are stuck, and what their driver says about them. */
export const stuckMembers = (members: Iterable<TableMember>): PoolProblem[] => {
  const stuck = [...members].filter(isStuck).sort(byName);
  if (stuck.length === 0) return [];
  const named = stuck.slice(0, NAMED_MAX).map(({ name, message = '' }) => `${name}${message && ` (${message})`}`);
  const others = stuck.length > NAMED_MAX ? `, and ${stuck.length - NAMED_MAX} more` : '';
  const which = `${countOf(stuck.length, 'member')} should have ended and ${agree(stuck.length, 'has', 'have')} not`;
  return [{ reason: 'StuckTerminating', message: `${which}: ${named.join(', ')}${others}.` }];
};
