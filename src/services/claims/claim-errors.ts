// Errors of claims.
import type { Claim } from '../../contract/claim.ts';
import { WarmpoolError } from '../warmpool-error.ts';

export const claimNotFound = (id: string): WarmpoolError =>
  new WarmpoolError(
    'CLAIM::NOT_FOUND',
    `Claim "${id}" not found: it never existed, or ended too long ago to be remembered.`,
  );

export const memberNotFound = (pool: string, member: string): WarmpoolError =>
  new WarmpoolError('MEMBER::NOT_FOUND', `Pool "${pool}" has no member "${member}".`);

export const memberInUse = (member: string, claimId: string): WarmpoolError =>
  new WarmpoolError(
    'MEMBER::IN_USE',
    `Member "${member}" is held by claim "${claimId}". Release the claim first, or use force=true to evict the member anyway.`,
  );

/** How a claim ended, for a client that wants to renew it. */
export const claimHasEnded = ({ id, state, reason, endedAt, expiresAt }: Claim): WarmpoolError => {
  const how = {
    bound: `expired at ${expiresAt}`,
    expired: `expired at ${expiresAt}`,
    released: `was released at ${endedAt}`,
    lost: `lost its member at ${endedAt} (${reason})`,
  }[state];
  return new WarmpoolError('CLAIM::ENDED', `Claim "${id}" ${how}. Create a new claim.`);
};

/** Nobody receives it. */
export const clientHasLeft = (): WarmpoolError =>
  new WarmpoolError('CLAIM::TIMEOUT', 'The client disconnected before a member was free.');
