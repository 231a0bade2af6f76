// Ports for what is observed of a pool beside its status: its members, and the decisions about it.
import type { Decision } from '../../contract/decision.ts';
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
