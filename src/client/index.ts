// What users of the package import.
export { createWarmpoolClient, type WarmpoolClient, type WarmpoolClientOptions } from './create-client.ts';
export { WarmpoolClientError, type ClientErrorCode } from './client-error.ts';
export type * from './types.ts';
