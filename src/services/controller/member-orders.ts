// What the controller orders from the driver. The view knows of an order at once: the next pass must not give it again.
import { randomInt } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import type { Pool } from '../pools/pool.ts';
import type { DriverMember, MemberDriver } from './member-driver.ts';
import type { MemberView } from './member-view.ts';

type MemberOrdersOptions = {
  readonly driver: MemberDriver;
  readonly members: MemberView;
  readonly clock: Clock;
  /** Told of a start that the driver refused. */
  readonly onRefused: (pool: Pool, message: string) => void;
};

/** A pool may want two thousand million members: no step may take the server away from the other pools. */
const STARTS_PER_STEP_MAX = 100;

/** How many members the driver took on, and why it refused the others. */
type StartOutcome = { readonly created: number; readonly refusals: readonly string[] };

/** Names of the members that are stopping now, and what was thrown for the others. */
type StopOutcome = { readonly removed: readonly string[]; readonly errors: readonly unknown[] };

/** No vowels, no characters that look alike: the alphabet of Kubernetes' generateName. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;

export class MemberOrders {
  readonly #options: MemberOrdersOptions;

  constructor(options: MemberOrdersOptions) {
    this.#options = options;
  }

  /** Starts `count` members of the pool's present template, at most 100 of them: the next step goes on. */
  async start(pool: Pool, count: number, revision: string): Promise<StartOutcome> {
    const length = Math.min(count, STARTS_PER_STEP_MAX);
    const starts = await Promise.all(Array.from({ length }, () => this.#startOne(pool, revision)));
    const refusals = starts.filter((refusal) => refusal !== undefined);
    return { created: length - refusals.length, refusals };
  }

  /** Stops members. One that the driver fails to stop holds up no other. */
  async stop(members: readonly DriverMember[]): Promise<StopOutcome> {
    const running = members.filter(({ phase }) => phase !== 'terminating');
    const outcomes = await Promise.allSettled(running.map((member) => this.#stopOne(member)));
    return {
      removed: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
      errors: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : [])),
    };
  }

  async #stopOne(member: DriverMember): Promise<string> {
    const { driver, members } = this.#options;
    await driver.stop(member.name);
    if (members.get(member.name) !== undefined) members.put({ ...member, phase: 'terminating' });
    return member.name;
  }

  /** Undefined, or why the driver refused. */
  async #startOne(pool: Pool, revision: string): Promise<string | undefined> {
    const { driver, members, clock, onRefused } = this.#options;
    const order = { name: this.#newName(pool), poolUid: pool.uid, poolName: pool.name, revision };
    const nowMs = clock.now();
    members.put({ ...order, phase: 'starting', createdAtMs: nowMs, startingSinceMs: nowMs, restarts: 0 });
    try {
      await driver.start({ ...order, template: pool.specification.template ?? {} });
      return undefined;
    } catch (error) {
      members.remove(order.name);
      const message = error instanceof Error ? error.message : String(error);
      onRefused(pool, message);
      return message;
    }
  }

  #newName(pool: Pool): string {
    const character = () => SUFFIX_ALPHABET.charAt(randomInt(SUFFIX_ALPHABET.length));
    const name = `${pool.name}-${Array.from({ length: SUFFIX_LENGTH }, character).join('')}`;
    return this.#options.members.get(name) === undefined ? name : this.#newName(pool);
  }
}
