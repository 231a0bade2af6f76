// The claims of a runtime that has none.
import type { WarmpoolError } from '../warmpool-error.ts';
import type { ClaimStore } from './ports.ts';

/** A store that refuses every call with the error. */
export const refusedClaims = (refusal: WarmpoolError): ClaimStore => {
  const refuse = () => Promise.reject(refusal);
  return {
    refusal,
    refusalOf: () => refusal,
    hasIdle: () => false,
    bind: refuse,
    update: refuse,
    end: refuse,
    get: refuse,
    list: refuse,
    recall: refuse,
    findByRetryKey: () => undefined,
    evict: refuse,
    setUnmet: () => undefined,
    membersOf: () => ({ startingSinceMs: [], existing: 0, live: [] }),
    subscribe: () => undefined,
    expired: () => [],
    forget: refuse,
  };
};
