// Plans in the contract's terms, as dry runs return them.
import type { PoolPlan } from '../../contract/decision.ts';
import type { Plan } from './decide.ts';
import { explain } from './explain.ts';
import { countOf } from './wording.ts';

export const toPoolPlan = (plan: Plan): PoolPlan => ({
  desired: plan.desired,
  create: plan.create,
  remove: plan.remove.map(({ name }) => name),
  ...explain(plan),
});

/** The plan for a pool that is deleted: every member is removed. `members` are those that are not terminating. */
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
