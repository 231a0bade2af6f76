// Ids of stream events, from which a client resumes: the epoch, a position in the log, and a hash of the selectors.
import type { WatchOptions } from '../../contract/pool-event.ts';
import { hashJson } from '../../lib/canonical-json.ts';

/** Position in ids that cannot be resumed from: those of an initial state that is not complete yet. */
export const NO_POSITION = 0;

/** Hash of the selectors. An id is valid only for a stream with the same ones. */
export const hashSelectors = ({ name, namePrefix = '', labelSelector = '' }: WatchOptions): string =>
  hashJson([name, namePrefix, labelSelector], 16);

export const eventId = (epoch: string, position: number, selectors: string): string =>
  `${epoch}.${position}.${selectors}`;

/** The position in an id of this epoch and these selectors; undefined for any other text. */
export const positionIn = (id: string, epoch: string, selectors: string): number | undefined => {
  const position = Number(/^[0-9a-f]+\.(\d{1,15})\.[0-9a-f]+$/.exec(id)?.[1]);
  return id === eventId(epoch, position, selectors) && position !== NO_POSITION ? position : undefined;
};
