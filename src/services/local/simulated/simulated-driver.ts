// Members that are not real: each is a row that becomes ready, fails or disappears after a while. For trials and tests.
import type { FoundViolation } from '../../../contract/violations.ts';
import { ChangeFeed } from '../../../lib/change-feed.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { DriverMember, MemberDriver, MemberEvent, MemberOrder } from '../../controller/ports.ts';
import type { RuntimeObserver } from '../../runtime-observer.ts';
import type { Database } from '../sqlite/database.ts';
import { StoredMembers } from '../sqlite/stored-members.ts';
import { reviewSettings, settingsOf, type MemberSettings } from './member-settings.ts';

/** The settings apply to members whose template does not have its own. Defaults: 2 s, none fails. */
type SimulatedDriverOptions = Partial<MemberSettings> & {
  /** Maximum number of members across all pools, as a real machine has a limit. Default 20 000. */
  readonly membersMax?: number;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'driverFailed'>;
};

type MemberChange = Extract<MemberEvent, { type: 'present' | 'gone' }>;

/** A member, its next phase, and when it gets there (epoch milliseconds). Older versions stored no `settings`. */
type SimulatedMember = DriverMember & {
  readonly settings?: Partial<MemberSettings>;
  readonly next?: { readonly phase: 'ready' | 'failed' | 'gone'; readonly atMs: number };
};

const DEFAULTS = {
  startSeconds: 2,
  failureRate: 0,
  failureMessage: 'The simulated start failed (failure_rate).',
  membersMax: 20_000,
};

const STOP_SHARE = 0.25;

const RETRY_MS = 1_000;

export class SimulatedDriver implements MemberDriver {
  readonly #members: StoredMembers<SimulatedMember>;
  readonly #options: Required<SimulatedDriverOptions>;
  readonly #timers = new Map<string, () => void>();
  readonly #feed = new ChangeFeed<MemberChange>({
    keyOf: (change) => (change.type === 'present' ? change.member.name : change.name),
  });

  constructor(database: Database, options: SimulatedDriverOptions) {
    this.#members = new StoredMembers(database, 'simulated_members');
    this.#options = { ...DEFAULTS, ...options };
    for (const member of this.#members.values()) this.#schedule(member);
  }

  async start({ template, ...order }: MemberOrder): Promise<void> {
    const { clock, membersMax } = this.#options;
    if (this.#members.size >= membersMax)
      throw new Error(`the simulated driver runs at most ${membersMax} members in total`);
    const settings = settingsOf(template);
    this.#put({ ...order, settings, createdAtMs: clock.now(), restarts: 0, ...this.#startNow({ settings }) });
  }

  async stop(name: string): Promise<void> {
    const member = this.#members.get(name);
    if (member === undefined || member.phase === 'terminating') return;
    const { clock, startSeconds } = this.#optionsOf(member);
    const atMs = clock.now() + startSeconds * 1_000 * STOP_SHARE;
    this.#put({ ...member, phase: 'terminating', next: { phase: 'gone', atMs } });
  }

  async restart(name: string): Promise<void> {
    const member = this.#members.get(name);
    if (member === undefined || member.phase === 'terminating') throw new Error(`member "${name}" does not run`);
    const { readyAtMs: _, message: __, ...rest } = member;
    this.#put({ ...rest, ...this.#startNow(member) });
  }

  review(template: MemberOrder['template']): readonly FoundViolation[] {
    return reviewSettings(template);
  }

  prepare(): { state: 'ready' } {
    return { state: 'ready' };
  }

  problems(): [] {
    return [];
  }

  watch(signal: AbortSignal): AsyncIterable<MemberEvent> {
    return this.#feed.watch(() => [...this.#members.values()].map(asPresent), signal);
  }

  /** Stops the timers. The members stay, and continue when the driver is created again. */
  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** What the template of the member says takes precedence over the options of the driver. */
  #optionsOf({ settings }: Pick<SimulatedMember, 'settings'>) {
    return { ...this.#options, ...settings };
  }

  #startNow(member: Pick<SimulatedMember, 'settings'>) {
    const { clock, startSeconds, failureRate } = this.#optionsOf(member);
    const now = clock.now();
    const phase = Math.random() < failureRate ? ('failed' as const) : ('ready' as const);
    const atMs = now + startSeconds * 1_000 * (0.5 + Math.random());
    return { phase: 'starting', startingSinceMs: now, next: { phase, atMs } } as const;
  }

  #put(member: SimulatedMember): void {
    this.#members.set(member.name, member);
    this.#schedule(member);
    this.#feed.publish(asPresent(member));
  }

  #schedule({ name, poolUid, next }: SimulatedMember): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
    if (next !== undefined) this.#advanceAfter(next.atMs - this.#options.clock.now(), name, poolUid);
  }

  #advanceAfter(delayMs: number, name: string, poolUid: string): void {
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(name);
      try {
        this.#advance(name);
      } catch (error) {
        this.#options.observer.driverFailed(poolUid, error, RETRY_MS);
        this.#advanceAfter(RETRY_MS, name, poolUid);
      }
    });
    this.#timers.set(name, cancel);
  }

  #advance(name: string): void {
    const member = this.#members.get(name);
    if (member?.next === undefined) return;
    const { next, ...rest } = member;
    switch (next.phase) {
      case 'ready':
        this.#put({ ...rest, phase: 'ready', readyAtMs: this.#options.clock.now() });
        break;
      case 'failed':
        this.#put({ ...rest, phase: 'failed', message: this.#optionsOf(member).failureMessage });
        break;
      case 'gone':
        this.#members.delete(name);
        this.#feed.publish({ type: 'gone', name });
        break;
    }
  }
}

const asPresent = ({
  next: _,
  settings: __,
  ...member
}: SimulatedMember): { type: 'present'; member: DriverMember } => ({
  type: 'present',
  member,
});
