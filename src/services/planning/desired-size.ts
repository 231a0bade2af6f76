// The desired size of a pool, and which bound of its capacity sets it.
import type { Census } from './census.ts';
import type { ObservedPool } from './observed-pool.ts';

export interface DesiredSize {
  /** May be above poolMax, which limits creation only. */
  readonly desired: number;
  /** The part of it that is the buffer, before poolMin raises the size. */
  readonly buffer: number;
  /** What set the buffer: the bound that it was clamped to, or neither. */
  readonly bound: 'BufferMin' | 'BufferMax' | 'WithinBuffer';
}

/**
 * The size that the capacity asks for: allocated members, waiting claims, and the prospective buffer, clamped
 * to [bufferMin, bufferMax]; at least poolMin. In a stored pool with bufferMin > bufferMax, bufferMax takes precedence.
 * Source: OpenSandbox's pool controller. Fixed here: starting members count as buffer, and waiting claims take from it
 * instead of being added to it.
 */
export const desiredSize = ({ capacitySpec, unmet }: ObservedPool, { scheduled, allocated }: Census): DesiredSize => {
  const { bufferMin, bufferMax, poolMin } = capacitySpec;
  const inProspect = scheduled.length - allocated - unmet;
  const atLeastMin = Math.max(inProspect, bufferMin);
  const buffer = Math.min(atLeastMin, bufferMax);
  return {
    desired: Math.max(allocated + unmet + buffer, poolMin),
    buffer,
    bound: atLeastMin > bufferMax ? 'BufferMax' : inProspect < bufferMin ? 'BufferMin' : 'WithinBuffer',
  };
};
