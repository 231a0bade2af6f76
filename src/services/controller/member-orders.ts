// Orders of the controller to the driver. The view includes an order immediately, so that the next pass does not repeat it.
import type { Clock } from '../../lib/clock.ts';
import { randomSuffix } from '../../lib/random-suffix.ts';
import { revisionOf } from '../planning/revision.ts';
import type { Pool } from '../pools/pool.ts';
import type { MemberTable } from './member-table.ts';
import { MemberChanged, type MemberControl } from './ports.ts';

type MemberOrdersOptions = { readonly driver: MemberControl; readonly members: MemberTable; readonly clock: Clock };

/** A pool may need two billion members: one step must not keep the server from the other pools. */
const STARTS_PER_STEP_MAX = 100;

/** As controllers of Kubernetes do. */
const STARTS_AT_ONCE_MAX = 32;

const SUFFIX_LENGTH = 5;
/** Of the pool's name in that of a member: a pod's name and the id of its claim are DNS labels. */
const PREFIX_LENGTH = 48;

export class MemberOrders {
  readonly #options: MemberOrdersOptions;

  constructor(options: MemberOrdersOptions) {
    this.#options = options;
  }

  /**
   * Starts `count` members of the pool's current template, at most 100 of them: the next step continues. One first, then
   * twice as many at a time while all succeed, so that what refuses the first is not asked a hundred times. `refusals` are
   * the messages of the driver for those that it did not start.
   */
  async start(pool: Pool, count: number): Promise<{ created: number; refusals: string[] }> {
    const total = Math.min(count, STARTS_PER_STEP_MAX);
    let created = 0;
    for (let batch = 1; created < total; batch = Math.min(batch * 2, STARTS_AT_ONCE_MAX)) {
      const length = Math.min(batch, total - created);
      const starts = await Promise.all(Array.from({ length }, () => this.#startOne(pool)));
      const refusals = starts.filter((refusal) => refusal !== undefined);
      created += length - refusals.length;
      if (refusals.length > 0) return { created, refusals };
    }
    return { created, refusals: [] };
  }

  /** Stops the members that are not stopping already and that no claim holds. One that cannot be stopped does not delay the others. */
  async stop(names: readonly string[]): Promise<{ removed: string[]; errors: unknown[] }> {
    const { driver, members } = this.#options;
    const reserved = names.filter((name) => members.reserve(name));
    const errors = new Map<string, unknown>();
    const stopOne = async (name: string) => {
      try {
        await driver.stop(name);
      } catch (error) {
        errors.set(name, error);
        members.release(name);
      }
    };
    await Promise.all(reserved.map(stopOne));
    return {
      removed: reserved.filter((name) => !errors.has(name)),
      errors: [...errors.values()].filter((error) => !(error instanceof MemberChanged)),
    };
  }

  /** Undefined, or the message of the driver that refused. */
  async #startOne(pool: Pool): Promise<string | undefined> {
    const { driver, members, clock } = this.#options;
    const order = { name: this.#newName(pool), poolUid: pool.uid, poolName: pool.name, revision: revisionOf(pool) };
    const nowMs = clock.now();
    members.put({ ...order, phase: 'starting', createdAtMs: nowMs, startingSinceMs: nowMs, restarts: 0 });
    try {
      await driver.start({ ...order, template: pool.specification.template ?? {} });
      return undefined;
    } catch (error) {
      members.remove(order.name);
      return error instanceof Error ? error.message : String(error);
    }
  }

  #newName(pool: Pool): string {
    const name = `${pool.name.slice(0, PREFIX_LENGTH)}-${randomSuffix(SUFFIX_LENGTH)}`;
    return this.#options.members.get(name) === undefined ? name : this.#newName(pool);
  }
}
