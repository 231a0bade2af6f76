// Which pools another controller acts on. What it does leaves traces: a pod that is created after Warmpool was put in charge
// of the pool, or a status that it keeps writing. A pool is contested until 5 minutes after the last trace.
import type { Clock } from '../../../lib/clock.ts';
import type { ObjectStore } from '../cache/reflector.ts';
import type { PoolResource } from '../resource/pool-resource.ts';
import type { ForeignPod } from './foreign-pods.ts';
import { foreignStatusOf, isMarked, markedSince, type MarkedSince } from './managed-fields.ts';

type ContestsOptions = {
  readonly clock: Clock;
  readonly foreignPods: (poolUid: string) => readonly ForeignPod[];
  /** A pool was marked, or is contested, or no longer; repeated while traces arrive, at most every 10 s. */
  readonly onChange: (poolUid: string) => void;
};

/** What is known about a pool that has the mark. Times are of the monotonic clock, in milliseconds. */
type Marked = {
  readonly since: Exclude<MarkedSince, undefined>;
  foreignStatus: string | undefined;
  /** When another manager wrote the status for the last time: one write may have been on its way when the mark was put. */
  statusWrittenMs: number;
  untilMs: number;
  reportedMs: number;
  cancel: () => void;
};

const CONTEST_MS = 5 * 60_000;
const REPORT_PAUSE_MS = 10_000;

/** Follows the stored versions of pools, in their order. */
export class Contests implements ObjectStore<PoolResource> {
  readonly isEmpty = true;
  readonly #options: ContestsOptions;
  readonly #marked = new Map<string, Marked>();

  constructor(options: ContestsOptions) {
    this.#options = options;
  }

  /** Milliseconds until a pool is no longer contested; 0 if it is not. */
  remainingMs(poolUid: string): number {
    const { untilMs = -Infinity } = this.#marked.get(poolUid) ?? {};
    return Math.max(0, untilMs - this.#options.clock.monotonic());
  }

  /** A pod that Warmpool did not start has arrived. */
  takePod({ poolUid, createdAtMs, arrivedAtMs, wasMember }: ForeignPod): void {
    const marked = this.#marked.get(poolUid);
    if (marked === undefined || wasMember) return;
    // In the second of the mark nobody knows which was first.
    if (marked.since !== 'creation' && createdAtMs <= marked.since) return;
    const { clock } = this.#options;
    this.#trace(poolUid, marked, clock.monotonic() - (clock.now() - arrivedAtMs));
  }

  put(resource: PoolResource): void {
    const { uid } = resource.metadata;
    const known = this.#marked.get(uid);
    if (!isMarked(resource)) this.#forget(uid);
    else if (known === undefined) this.#mark(resource);
    else this.#takeStatus(uid, known, foreignStatusOf(resource));
  }

  replace(resources: readonly PoolResource[]): void {
    const listed = new Set(resources.map(({ metadata }) => metadata.uid));
    for (const uid of [...this.#marked.keys()]) if (!listed.has(uid)) this.#forget(uid);
    for (const resource of resources) this.put(resource);
  }

  delete({ metadata }: PoolResource): void {
    this.#forget(metadata.uid);
  }

  /** Forgets all pools, and cancels the timers. */
  clear(): void {
    for (const uid of [...this.#marked.keys()]) this.#forget(uid);
  }

  #mark(resource: PoolResource): void {
    const { clock, foreignPods, onChange } = this.#options;
    const { uid } = resource.metadata;
    this.#marked.set(uid, {
      since: markedSince(resource) ?? clock.now(),
      foreignStatus: foreignStatusOf(resource),
      statusWrittenMs: -Infinity,
      untilMs: -Infinity,
      reportedMs: -Infinity,
      cancel: () => undefined,
    });
    onChange(uid);
    for (const pod of foreignPods(uid)) this.takePod(pod);
  }

  #takeStatus(uid: string, marked: Marked, foreignStatus: string | undefined): void {
    if (foreignStatus === marked.foreignStatus) return;
    marked.foreignStatus = foreignStatus;
    if (foreignStatus === undefined) return;
    const nowMs = this.#options.clock.monotonic();
    const isRepeated = nowMs - marked.statusWrittenMs < CONTEST_MS;
    marked.statusWrittenMs = nowMs;
    if (isRepeated) this.#trace(uid, marked, nowMs);
  }

  #trace(uid: string, marked: Marked, atMs: number): void {
    const { clock, onChange } = this.#options;
    const nowMs = clock.monotonic();
    const untilMs = atMs + CONTEST_MS;
    if (untilMs <= Math.max(nowMs, marked.untilMs)) return;
    const isNew = marked.untilMs <= nowMs;
    marked.untilMs = untilMs;
    marked.cancel();
    marked.cancel = clock.after(untilMs - nowMs, () => {
      onChange(uid);
    });
    if (!isNew && nowMs - marked.reportedMs < REPORT_PAUSE_MS) return;
    marked.reportedMs = nowMs;
    onChange(uid);
  }

  #forget(uid: string): void {
    this.#marked.get(uid)?.cancel();
    this.#marked.delete(uid);
  }
}
