// What the controller orders from the driver. The view knows of an order at once: the next pass must not give it again.
import { randomInt } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Pool } from '../../pools/pool.ts';
import type { DriverMember, MemberDriver } from '../member-driver.ts';
import type { MemberView } from './member-view.ts';

type MemberOrdersOptions = {
  readonly driver: MemberDriver;
  readonly members: MemberView;
  readonly clock: Clock;
  /** Told of a start that the driver refused. */
  readonly onRefused: (pool: Pool, message: string) => void;
};

/** No vowels, no characters that look alike: the alphabet of Kubernetes' generateName. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;

export class MemberOrders {
  readonly #options: MemberOrdersOptions;

  constructor(options: MemberOrdersOptions) {
    this.#options = options;
  }

  /** Starts `count` members of the pool's present template; resolves with how many the driver took on. */
  async start(pool: Pool, count: number, revision: string): Promise<number> {
    const starts = Array.from({ length: count }, () => this.#startOne(pool, revision));
    return (await Promise.all(starts)).filter((isTaken) => isTaken).length;
  }

  /** Stops members. Rejects when the driver fails to stop one. */
  async stop(members: readonly DriverMember[]): Promise<void> {
    const { driver, members: view } = this.#options;
    const running = members.filter(({ phase }) => phase !== 'terminating');
    await Promise.all(
      running.map(async (member) => {
        await driver.stop(member.name);
        if (view.get(member.name) !== undefined) view.put({ ...member, phase: 'terminating' });
      }),
    );
  }

  async #startOne(pool: Pool, revision: string): Promise<boolean> {
    const { driver, members, clock, onRefused } = this.#options;
    const order = { name: this.#newName(pool), poolUid: pool.uid, poolName: pool.name, revision };
    const nowMs = clock.now();
    members.put({ ...order, phase: 'starting', createdAtMs: nowMs, startingSinceMs: nowMs, restarts: 0 });
    try {
      await driver.start({ ...order, template: pool.specification.template });
      return true;
    } catch (error) {
      members.remove(order.name);
      onRefused(pool, error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #newName(pool: Pool): string {
    const character = () => SUFFIX_ALPHABET.charAt(randomInt(SUFFIX_ALPHABET.length));
    const name = `${pool.name}-${Array.from({ length: SUFFIX_LENGTH }, character).join('')}`;
    return this.#options.members.get(name) === undefined ? name : this.#newName(pool);
  }
}
