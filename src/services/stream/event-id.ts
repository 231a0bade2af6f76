// Ids of stream events: from where a reader goes on. An epoch (one server process), a number of the change log, and a hash of the selectors.
import { createHash } from 'node:crypto';
import type { WatchOptions } from '../../contract/pool-event.ts';

/** The number in ids of events from which nobody can go on: those of an initial state that is not complete yet. */
export const NO_NUMBER = 0;

/** Hash of the selectors: an id counts only for a stream with the same ones. */
export const hashSelectors = ({ name, namePrefix = '', labelSelector = '' }: WatchOptions): string =>
  createHash('sha256')
    .update(JSON.stringify([name, namePrefix, labelSelector]))
    .digest('hex')
    .slice(0, 16);

export const eventId = (epoch: string, number: number, selectors: string): string => `${epoch}.${number}.${selectors}`;

/** The number in an id of the same epoch and selectors; undefined for any other text. */
export const numberIn = (id: string, epoch: string, selectors: string): number | undefined => {
  const number = Number(/^[0-9a-f]+\.(\d{1,15})\.[0-9a-f]+$/.exec(id)?.[1]);
  return id === eventId(epoch, number, selectors) && number !== NO_NUMBER ? number : undefined;
};
