// What the checker reports: a promise that was broken, and the write that broke it.
import { rfc3339 } from '../../../lib/clock.ts';

/** What Warmpool promises about claims on a cluster. */
const PROMISES = {
  'one-holder': 'A mark never goes from one claim to another without its end and an idle mark between.',
  'idle-number': 'The idle number of a pod grows by one for each claim that ended, and otherwise never changes.',
  answers: 'What a client was answered is in the history of the pod before the answer.',
  'one-answer': 'A claim is answered to one client, and repeated only for its Idempotency-Key.',
  ready: 'A pod is ready, has an address and is not terminating when it is handed out.',
  'pool-uid': 'A claim names the pool that its pod was started for.',
  recycling: 'A pod whose claim ended under the recycle type Delete is never held again.',
  'pool-max': 'The pods of a pool never exceed poolMax, the allowance for stuck pods, and 64 at a change of leader.',
  'held-pods': 'No held pod is deleted before the end of its claim.',
  refusals: 'A claim is refused only while no pod is idle and ready.',
  'final-state': 'A minute after the last fault, each pool has its size and no mark is without a reason.',
} as const;
export type PromiseName = keyof typeof PROMISES;

/** A write to an object, as far as a version of the object tells. */
export type Write = {
  /** When the checker received the version, in epoch milliseconds; in a replay, the best estimate of when it was written. */
  readonly seenAtMs: number;
  readonly resourceVersion: string;
  /** Field manager of the newest entry of managedFields, and its time in whole seconds. */
  readonly manager?: string | undefined;
  readonly writtenAtMs?: number | undefined;
};

export type Violation = {
  readonly promise: PromiseName;
  readonly sentence: string;
  readonly atMs: number;
  /** The write that broke the promise; absent where an answer did, or the state at the end. */
  readonly write?: Write | undefined;
};

/** Lines for people: each broken promise, and below it when, how and by which write it was broken. */
export const describeViolations = (violations: readonly Violation[]): string[] =>
  [...Map.groupBy(violations, ({ promise }) => promise)].flatMap(([promise, broken]) => [
    `${promise}: ${PROMISES[promise]}`,
    ...broken.map(
      ({ atMs, sentence, write }) => `  - ${rfc3339(atMs)} ${sentence}${write ? ` (${describeWrite(write)})` : ''}`,
    ),
  ]);

const describeWrite = ({ resourceVersion, manager, writtenAtMs }: Write): string =>
  `version ${resourceVersion}${manager === undefined ? '' : `, last written by ${manager}`}${
    writtenAtMs === undefined ? '' : ` at ${rfc3339(writtenAtMs)}`
  }`;
