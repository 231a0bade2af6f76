// The error that a call of the client rejects with.
import { expect } from 'vitest';
import { WarmpoolClientError } from '../../src/client/index.ts';

export const failureOf = async (call: Promise<unknown>): Promise<WarmpoolClientError> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WarmpoolClientError);
  return error as WarmpoolClientError;
};
