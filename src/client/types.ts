// The types of the contract and the router, without the schemas they are inferred from.
import type * as conditions from '../contract/conditions.ts';
import type * as decision from '../contract/decision.ts';
import type * as errors from '../contract/errors.ts';
import type * as member from '../contract/member.ts';
import type * as pool from '../contract/pool.ts';
import type * as poolEvent from '../contract/pool-event.ts';

export type { AppRouter } from '../router/app-router.ts';
export type ErrorCode = errors.ErrorCode;
export type Violation = errors.Violation;
export type CreatePool = pool.CreatePool;
export type UpdatePool = pool.UpdatePool;
export type PatchPool = pool.PatchPool;
export type PoolResponse = pool.PoolResponse;
export type PoolList = pool.PoolList;
export type PoolView = pool.PoolView;
export type PoolStatus = pool.PoolStatus;
export type Condition = conditions.Condition;
export type PoolPlan = decision.PoolPlan;
export type PoolStreamEvent = poolEvent.PoolStreamEvent;
export type WatchOptions = poolEvent.WatchOptions;
export type Member = member.Member;
export type MemberList = member.MemberList;
export type Decision = decision.Decision;
export type DecisionList = decision.DecisionList;
