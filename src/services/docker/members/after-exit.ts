// What follows the end of a container: a restart, as the restart policy says, or the failure of its member.
import type { MemberContainer } from './member-containers.ts';
import type { MemberRecord } from './member-record.ts';
import type { Observed, Step } from './step.ts';

/** A member whose containers were restarted this often before it was ready has failed. */
const RESTARTS_BEFORE_READY_MAX = 3;

/** The first restart follows at once, later ones after doubling waits; a container that ran for long starts over. As Kubernetes does, but faster at first. */
const RESTART = { firstMs: 1_000, longestMs: 5 * 60_000 };
const STABLE_AFTER_MS = 10 * 60_000;

/** A container without probes is ready as soon as it runs, even if it crashes at once. */
const READY_AFTER_MS = 10_000;

const hasBeenReady = ({ hasBeenReady: isKnown, isReady, readyAtMs = Infinity }: MemberRecord, nowMs: number): boolean =>
  isKnown || (isReady && nowMs - readyAtMs >= READY_AFTER_MS);

/** What follows for the record when `changes` say that the member is no longer ready. */
export const lostReadiness = (
  record: MemberRecord,
  { isReady }: Partial<MemberRecord>,
  nowMs: number,
): Partial<MemberRecord> =>
  isReady === false && record.isReady ? { hasBeenReady: hasBeenReady(record, nowMs), startingSinceMs: nowMs } : {};

/** Whether a container ran so long that its restarts no longer count as being in a row. */
export const ranStably = ({ startedAtMs, finishedAtMs }: MemberContainer): boolean =>
  finishedAtMs - startedAtMs >= STABLE_AFTER_MS;

export const stoppedByOther = (name: string): string =>
  `Container "${name}" was stopped by another client of the Docker daemon.`;

export const afterExit = (container: MemberContainer, observed: Observed): Step => {
  const { record, plan, stoppedByOthers, restartsOf, nowMs } = observed;
  const { id, name, exitCode, finishedAtMs, isOutOfMemory } = container;
  const fail = (message: string) => ({ type: 'fail', message }) as const;
  if (stoppedByOthers.has(id)) return fail(stoppedByOther(name));
  const end = `Container "${name}" ${isOutOfMemory ? 'exceeded its memory limit' : `exited with code ${exitCode}`}`;
  const { restartPolicy } = plan;
  if (restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && exitCode === 0))
    return fail(`${end}, and restartPolicy ${restartPolicy} does not restart it.`);
  if (!hasBeenReady(record, nowMs) && record.launchRestarts >= RESTARTS_BEFORE_READY_MAX)
    return fail(`${end} after ${record.launchRestarts} restarts, before the member was ready.`);
  const inARow = ranStably(container) ? 0 : restartsOf(id);
  const delayMs = inARow === 0 ? 0 : Math.min(RESTART.longestMs, RESTART.firstMs * 2 ** (inARow - 1));
  // The daemon's clock may be ahead.
  const dueMs = Math.min(finishedAtMs, nowMs) + delayMs;
  return nowMs < dueMs
    ? { type: 'wait', untilMs: dueMs, message: `${end}; it is restarted after a back-off.` }
    : { type: 'start', container, isRestart: true };
};
