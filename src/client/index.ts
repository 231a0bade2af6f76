// What users of the package import.
export { createWarmpoolClient, type WarmpoolClient, type WarmpoolClientOptions } from './create-client.ts';
export { WarmpoolClientError, type ClientErrorCode } from './client-error.ts';
export type { ErrorCode, Violation } from '../contract/errors.ts';
export type { MemberList } from '../contract/member.ts';
export type { DecisionList } from '../contract/decision.ts';
export type { CreatePool, PatchPool, PoolList, PoolResponse, PoolView, UpdatePool } from '../contract/pool.ts';
