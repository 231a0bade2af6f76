// The changes of a mark that the protocol allows. Everything else breaks a promise.
import type { ClaimMark } from '../pods/claim-mark.ts';
import type { Mark } from './pod-version.ts';
import type { PromiseName } from './violation.ts';

type BrokenPromise = readonly [PromiseName, string];

/** A pod before the change. */
type Before = {
  readonly mark: Mark;
  /** Its last idle number; undefined where the history began while it was held. */
  readonly number: number | undefined;
};

/** @returns Which promise the change broke, and how, as the rest of a sentence that begins with the pod. */
export const checkMarkChange = (before: Before, after: Mark): BrokenPromise | undefined => {
  switch (after.kind) {
    case 'none':
      // Somebody removed the mark: that ends a claim, and the pod is never handed out again.
      return undefined;
    case 'both':
      return ['one-holder', `is idle and has the mark of claim ${after.claim} at once`];
    case 'idle':
      return checkIdle(before, after.number);
    case 'claim':
      return checkClaim(before.mark, after.claim);
  }
};

/** A pod that was just created. */
export const checkFirstMark = (mark: Mark): BrokenPromise | undefined => {
  if (mark.kind === 'idle' && mark.number !== 0) return ['idle-number', `was created with idle number ${mark.number}`];
  if (mark.kind === 'claim') return ['one-holder', `was created with the mark of claim ${mark.claim.id}`];
  return mark.kind === 'both' ? checkMarkChange({ mark, number: undefined }, mark) : undefined;
};

const checkIdle = ({ mark, number }: Before, idle: number): BrokenPromise | undefined => {
  const steps = `its idle number went from ${number ?? 'unknown'} to ${idle}`;
  switch (mark.kind) {
    case 'none':
      return ['one-holder', 'became idle although it had no mark: nobody knows who used it'];
    case 'both':
      return undefined;
    case 'idle':
      return idle === mark.number ? undefined : ['idle-number', `was not handed out, but ${steps}`];
    case 'claim': {
      const { id, state } = mark.claim;
      if (number === undefined) return undefined;
      if (state !== 'held')
        return idle === number + 1 ? undefined : ['idle-number', `became idle after claim ${id}, but ${steps}`];
      // The same number: the server took its bind back.
      return idle === number ? undefined : ['one-holder', `became idle while claim ${id} was held, and ${steps}`];
    }
  }
};

const checkClaim = (mark: Mark, after: ClaimMark): BrokenPromise | undefined => {
  const { id, state } = after;
  switch (mark.kind) {
    case 'none':
      return ['one-holder', `got the mark of claim ${id} although it had no mark: nobody knows who used it`];
    case 'both':
      return undefined;
    case 'idle':
      return state === 'held' ? undefined : ['one-holder', `was idle, and got the mark of claim ${id} as ${state}`];
    case 'claim':
      return mark.claim.id === id ? checkState(mark.claim, after) : ['one-holder', replaced(mark.claim, after)];
  }
};

const replaced = (before: ClaimMark, after: ClaimMark): string =>
  `went from claim ${before.id} (${before.state}) to claim ${after.id} (${after.state}) without being idle between`;

const checkState = (before: ClaimMark, after: ClaimMark): BrokenPromise | undefined => {
  if (after.state !== 'held' && after.end === undefined)
    return ['one-holder', `has the mark of claim ${after.id} as ${after.state}, which does not say how it ended`];
  if (before.state === 'held') return undefined;
  if (after.state === 'held') return ['one-holder', `is held by claim ${after.id} again after its end`];
  if (before.end === after.end) return undefined;
  return ['one-holder', `has claim ${after.id} as ${after.end ?? 'ended'}, which was ${before.end ?? 'ended'} before`];
};
