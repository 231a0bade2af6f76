// Carries out what was decided about members whose claims have ended, and tries again until it is done.
import { BackOff } from '../../lib/back-off.ts';
import type { Clock } from '../../lib/clock.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import type { MemberOrders } from './member-orders.ts';
import type { MemberTable } from './member-table.ts';
import type { DriverMember, MemberControl } from './ports.ts';

/** Where orders to recycle members are kept until they are done. */
interface RecyclingJournal {
  /** Forgets the order for a member. */
  done(member: string): Promise<void>;
}

type RecyclerOptions = {
  readonly members: MemberTable;
  readonly orders: MemberOrders;
  readonly driver: MemberControl;
  readonly journal: RecyclingJournal;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'driverFailed'>;
};

type Order =
  | {
      readonly kind: 'remove';
      readonly backOff: BackOff;
      /** Whether the driver has accepted to stop it. */
      readonly isStopping: boolean;
    }
  | {
      readonly kind: 'restart';
      readonly attempt: number;
      /** When it was ordered, epoch milliseconds: an earlier report is about the time before. Undefined between two attempts. */
      readonly sinceMs: number | undefined;
    };

/** A member that did not become ready after this many restarts is removed. Source: pool-controller.md's Recycling. */
export const RESTARTS_MAX = 3;
const RESTART_PAUSE_MS = 30_000;
/** A restart that takes longer has failed: as long as a start may take. */
export const RESTART_DEADLINE_MS = 5 * 60_000;
const REMOVAL_BACK_OFF = { firstMs: 1_000, longestMs: 30_000 };

export class Recycler {
  readonly #options: RecyclerOptions;
  readonly #orders = new Map<string, Order>();
  readonly #timers = new Map<string, () => void>();
  #isClosed = false;

  constructor(options: RecyclerOptions) {
    this.#options = options;
    options.members.subscribe({
      reported: (member) => {
        this.#takeReport(member);
      },
      gone: (name) => {
        if (this.#orders.has(name)) this.#finish(name, () => undefined);
      },
    });
  }

  /** Stops a member that nobody holds any more. Its order is done once it is gone. */
  remove(name: string): void {
    const exists = this.#options.members.startRecycling(name, { isRemoval: true });
    if (exists) void this.#remove(name, new BackOff(REMOVAL_BACK_OFF));
    else this.#finish(name, () => undefined);
  }

  /** Gives a member a fresh start. Its order is done once it is ready again; then it is idle. */
  restart(name: string): void {
    const exists = this.#options.members.startRecycling(name, { isRemoval: false });
    if (exists) void this.#restart(name, 1);
    else this.#finish(name, () => undefined);
  }

  /** Whether an order for the member is being carried out. */
  has(name: string): boolean {
    return this.#orders.has(name);
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  async #remove(name: string, backOff: BackOff): Promise<void> {
    this.#orders.set(name, { kind: 'remove', backOff, isStopping: false });
    const { errors } = await this.#options.orders.stop([name]);
    if (!this.#orders.has(name)) return;
    if (errors.length === 0) this.#orders.set(name, { kind: 'remove', backOff, isStopping: true });
    else this.#retryRemoval(name, backOff, errors[0]);
  }

  #retryRemoval(name: string, backOff: BackOff, error: unknown): void {
    const retryMs = backOff.next();
    this.#report(name, error, retryMs);
    this.#orders.set(name, { kind: 'remove', backOff, isStopping: false });
    this.#schedule(name, retryMs, () => this.#remove(name, backOff));
  }

  async #restart(name: string, attempt: number): Promise<void> {
    const { driver, clock, members } = this.#options;
    // Evicted or surplus, before a crash or between two attempts.
    const isStopping = members.get(name)?.phase === 'terminating';
    if (attempt > RESTARTS_MAX || isStopping) {
      this.remove(name);
      return;
    }
    this.#orders.set(name, { kind: 'restart', attempt, sinceMs: clock.now() });
    this.#schedule(name, RESTART_DEADLINE_MS, () => this.#restart(name, attempt + 1));
    try {
      await driver.restart(name);
    } catch (error) {
      this.#report(name, error, RESTART_PAUSE_MS);
      this.#retryRestart(name, attempt);
    }
  }

  #retryRestart(name: string, attempt: number): void {
    this.#orders.set(name, { kind: 'restart', attempt, sinceMs: undefined });
    this.#schedule(name, RESTART_PAUSE_MS, () => this.#restart(name, attempt + 1));
  }

  #takeReport({ name, phase, startingSinceMs }: DriverMember): void {
    const order = this.#orders.get(name);
    if (order?.kind === 'remove' && order.isStopping && phase !== 'terminating')
      this.#retryRemoval(name, order.backOff, new Error(`Member "${name}" did not stop.`));
    if (order?.kind !== 'restart' || order.sinceMs === undefined || startingSinceMs < order.sinceMs) return;
    if (phase === 'failed') this.#retryRestart(name, order.attempt);
    if (phase === 'ready')
      this.#finish(name, () => {
        // Where its reports say who uses it, it may already be held again.
        if (this.#options.members.get(name)?.use === undefined) this.#options.members.free(name);
      });
  }

  /** The order is forgotten before the member is handed out: after a crash in between it is carried out again. */
  #finish(name: string, andThen: () => void): void {
    this.#orders.delete(name);
    this.#timers.get(name)?.();
    this.#timers.delete(name);
    this.#options.journal.done(name).then(andThen, (error: unknown) => {
      const retryMs = RESTART_PAUSE_MS;
      this.#report(name, error, retryMs);
      this.#schedule(name, retryMs, async () => {
        this.#finish(name, andThen);
      });
    });
  }

  #schedule(name: string, delayMs: number, task: () => Promise<void>): void {
    if (this.#isClosed) return;
    this.#timers.get(name)?.();
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(name);
      if (this.#options.members.get(name) === undefined && this.#orders.has(name)) this.#finish(name, () => undefined);
      else void task();
    });
    this.#timers.set(name, cancel);
  }

  #report(name: string, error: unknown, retryMs: number): void {
    this.#options.observer.driverFailed(this.#options.members.get(name)?.poolUid, error, retryMs);
  }
}
