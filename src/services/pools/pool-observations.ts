// Ports for what is known of a pool beside its status: its members, decisions about it, and what a change would lead to.
import type { Decision, PoolPlan } from '../../contract/decision.ts';
import type { Member } from '../../contract/member.ts';
import type { Pool } from './pool.ts';

export interface MemberReader {
  /** The pool's members, ordered by name. */
  list(pool: Pool): Promise<Member[]>;
}

export interface DecisionReader {
  /** The pool's newest decisions, newest first. Errors: RUNTIME::NOT_SUPPORTED where another controller decides. */
  list(pool: Pool, limit: number): Promise<Decision[]>;
}

/** A pool as it is and as it would be: none before it is made, none after it is deleted. */
export type ProposedChange =
  { readonly before?: Pool; readonly after: Pool } | { readonly before: Pool; readonly after?: undefined };

export interface PoolPlanner {
  /** The first step that the change would lead to. */
  plan(change: ProposedChange): Promise<PoolPlan>;
}
