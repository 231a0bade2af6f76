// The words and numbers of a row.
import type { PoolResponse } from '../../../contract/pool.ts';
import type { PoolState } from '../../pool/pool-state.ts';
import type { Tone } from '../../ui/tone.ts';
import { formatCount } from '../../ui/format.ts';

/** The second line of a state; what is under way says how far it is. */
export const secondLine = ({ status, capacitySpec }: PoolResponse, { key, second }: PoolState): string | undefined => {
  if (status === undefined) return second;
  if (key === 'rollingOut' && status.updated !== undefined)
    return `${formatCount(status.updated)} of ${formatCount(status.total)} updated`;
  const surplus = status.available - capacitySpec.bufferMax;
  if (key === 'shrinking' && surplus > 0) return `${formatCount(surplus)} over bufferMax`;
  return second;
};

/** `0`, `0.8`, `10.4`, `412`. */
export const formatRate = (perMinute: number): string =>
  perMinute >= 100 ? formatCount(Math.round(perMinute)) : String(Math.round(perMinute * 10) / 10);

/** `41 %`, `99.8 %`; never 100 % unless every request found a free member. */
export const formatHitRate = (share: number): string => {
  const percent = share * 100;
  return `${percent > 99 ? Math.floor(percent * 10) / 10 : Math.round(percent)} %`;
};

const FEW_HITS = 0.5;
const FEWER_HITS = 0.9;

/** Undefined where there is nothing to worry about. */
export const hitTone = (share: number): Tone | undefined => {
  if (share < FEW_HITS) return 'bad';
  return share < FEWER_HITS ? 'warn' : undefined;
};

/** Two lines of the widest column. */
const SENTENCE_MAX = 150;

const SIZE = /^Wants [^.]*\. /;

/** A sentence without its clause of sizes: the bar has its numbers, and the end says what held the pool back. */
export const splitSentence = (sentence: string) => {
  const [size = ''] = SIZE.exec(sentence) ?? [];
  return { size: sentence.length > SENTENCE_MAX ? '' : size, rest: sentence.slice(size.length) };
};

const LABELS_MAX = 4;

/** The first labels, and how many there are besides. */
export const shortLabels = (labels: PoolResponse['labels'] = {}) => {
  const all = Object.entries(labels).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  return { text: all.slice(0, LABELS_MAX).join('  '), more: Math.max(0, all.length - LABELS_MAX) };
};
