// Errors of claims that more than one part has.
import { WarmpoolError } from '../warmpool-error.ts';

export const claimNotFound = (id: string): WarmpoolError =>
  new WarmpoolError('CLAIM::NOT_FOUND', `Claim "${id}" not found: it never existed, or ended too long ago to be remembered.`);

export const memberNotFound = (pool: string, member: string): WarmpoolError =>
  new WarmpoolError('MEMBER::NOT_FOUND', `Pool "${pool}" has no member "${member}".`);

export const memberInUse = (member: string, claimId: string): WarmpoolError =>
  new WarmpoolError(
    'MEMBER::IN_USE',
    `Member "${member}" is held by claim "${claimId}". Release the claim first, or use force=true to evict the member anyway.`,
  );
