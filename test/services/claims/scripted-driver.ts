// A simulated driver whose members also do what a test says.
import { ChangeFeed } from '../../../src/lib/change-feed.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import type { DriverMember, MemberDriver, MemberEvent } from '../../../src/services/controller/ports.ts';

const NEVER = new Promise<never>(() => undefined);

type MemberChange = Extract<MemberEvent, { type: 'present' | 'gone' }>;

export class ScriptedDriver {
  /** Members as last reported. */
  readonly members = new Map<string, DriverMember>();
  /** The members that were restarted, in order; `atMs` is epoch milliseconds. */
  readonly restarts: { readonly name: string; readonly atMs: number }[] = [];
  /** Names of the members that were asked to stop, in order. */
  readonly stops: string[] = [];
  /** Whether to report what the simulated driver reports. */
  isPassing: (member: DriverMember) => boolean = () => true;
  /** Called before a stop or a restart; may throw. */
  before: (call: 'stop' | 'restart', name: string) => void = () => undefined;
  /** Whether stops and restarts never respond, and nothing happens. */
  isHanging = false;
  /** This many stops are accepted, and then nothing happens. */
  ignoredStops = 0;
  readonly #driver: MemberDriver;
  readonly #clock: Clock;
  readonly #feed = new ChangeFeed<MemberChange>({
    keyOf: (change) => (change.type === 'present' ? change.member.name : change.name),
  });

  constructor(driver: MemberDriver, clock: Clock) {
    this.#driver = driver;
    this.#clock = clock;
  }

  /** Reports a change of a member. */
  report(name: string, change: Partial<DriverMember>): void {
    const member = this.members.get(name);
    if (member !== undefined) this.#take({ type: 'present', member: { ...member, ...change } });
  }

  /** Reports that a member is gone. The simulated one is stopped, too, so that it does not come back after a restart. */
  async vanish(name: string): Promise<void> {
    await this.#driver.stop(name);
    this.#take({ type: 'gone', name });
  }

  overrides(): Partial<MemberDriver> {
    return {
      watch: (signal) => this.#watch(signal),
      stop: async (name) => {
        this.before('stop', name);
        if (this.isHanging) await NEVER;
        this.stops.push(name);
        if (this.ignoredStops-- > 0) this.report(name, { phase: 'terminating' });
        else await this.#driver.stop(name);
      },
      restart: async (name) => {
        this.before('restart', name);
        if (this.isHanging) await NEVER;
        await this.#driver.restart(name);
        this.restarts.push({ name, atMs: this.#clock.now() });
      },
    };
  }

  #take(change: MemberChange): void {
    if (change.type === 'gone') this.members.delete(change.name);
    else this.members.set(change.member.name, change.member);
    this.#feed.publish(change);
  }

  async *#watch(signal: AbortSignal): AsyncIterable<MemberEvent> {
    const events = this.#driver.watch(signal)[Symbol.asyncIterator]();
    const takeNext = async (): Promise<MemberEvent['type'] | 'ended'> => {
      const next = await events.next();
      if (next.done === true) return 'ended';
      const { value } = next;
      if (value.type === 'gone' || (value.type === 'present' && this.isPassing(value.member))) this.#take(value);
      return value.type;
    };
    for (let type = await takeNext(); type !== 'synced' && type !== 'ended';) type = await takeNext();
    const follow = async () => {
      while ((await takeNext()) !== 'ended');
    };
    void follow();
    yield* this.#feed.watch(
      () => Array.from(this.members.values(), (member) => ({ type: 'present', member }) as const),
      signal,
    );
  }
}
