// How long starts, stops and holds of each pool took recently, read from the reports of the driver.
import type { Clock } from '../../lib/clock.ts';
import { RecentDurations } from '../claims/durations.ts';
import type { PoolMembers } from '../claims/ports.ts';
import type { MemberTable } from './member-table.ts';
import type { DriverMember } from './ports.ts';

export class MemberDurations {
  readonly #members: MemberTable;
  readonly #clock: Clock;
  readonly #starts = new RecentDurations();
  readonly #stops = new RecentDurations();
  readonly #holds = new RecentDurations();
  readonly #stopping = new Map<string, { readonly poolUid: string; readonly sinceMs: number }>();

  constructor(members: MemberTable, clock: Clock) {
    this.#members = members;
    this.#clock = clock;
    members.subscribe({
      reported: (member) => {
        this.#measure(member);
      },
      gone: (name) => {
        const stopping = this.#stopping.get(name);
        this.#stopping.delete(name);
        if (stopping) this.#stops.record(stopping.poolUid, clock.now() - stopping.sinceMs);
      },
    });
  }

  /** The medians of a pool, in milliseconds. */
  of(poolUid: string): Pick<PoolMembers, 'startMs' | 'stopMs' | 'holdMs'> {
    return {
      startMs: this.#starts.median(poolUid),
      stopMs: this.#stops.median(poolUid),
      holdMs: this.#holds.median(poolUid),
    };
  }

  /** A claim that was bound at `boundAt` (RFC 3339) has ended. */
  recordHold(poolUid: string, boundAt: string): void {
    this.#holds.record(poolUid, this.#clock.now() - Date.parse(boundAt));
  }

  /** The pool is deleted. */
  forget(poolUid: string): void {
    for (const durations of [this.#starts, this.#stops, this.#holds]) durations.forget(poolUid);
  }

  /** Called before the table has the report. */
  #measure({ name, poolUid, phase, startingSinceMs, readyAtMs = 0 }: DriverMember): void {
    const known = this.#members.get(name);
    if (phase === 'ready' && known?.phase === 'starting' && !known.allocated)
      this.#starts.record(poolUid, readyAtMs - startingSinceMs);
    if (phase === 'terminating' && !this.#stopping.has(name))
      this.#stopping.set(name, { poolUid, sinceMs: this.#clock.now() });
  }
}
