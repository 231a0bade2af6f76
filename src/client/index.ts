// The public interface of the package.
export { createWarmpoolClient, type WarmpoolClient, type WarmpoolClientOptions } from './create-client.ts';
export { WarmpoolClientError, type ClientErrorCode } from './client-error.ts';
export type { ClaimHolder, WithClaim, WithClaimOptions } from './with-claim.ts';
export type * from './types.ts';
