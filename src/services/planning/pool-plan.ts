// Plans as dry runs answer them.
import type { PoolPlan } from '../../contract/decision.ts';
import type { Plan } from './plan.ts';
import { countOf } from './wording.ts';

/** A plan in the contract's terms. */
export const toPoolPlan = ({ desired, create, remove, reasons, sentence }: Plan): PoolPlan => ({
  desired,
  create,
  remove: [...remove],
  reasons: [...reasons],
  sentence,
});

/** What becomes of a pool that is deleted: every member goes. `members` are those that are not terminating. */
export const planDeletion = (members: readonly { readonly name: string }[]): PoolPlan => {
  const message = `The pool is deleted: removing ${countOf(members.length, 'member')}.`;
  return {
    desired: 0,
    create: 0,
    remove: members.map(({ name }) => name).sort(),
    reasons: [{ code: 'PoolDeleted', message }],
    sentence: message,
  };
};
