// Makes a pool once, however often the request is sent: the same key and body answer with the pool as it is now.
import type { PoolSpecification } from '../../contract/pool.ts';
import type { Clock } from '../../lib/clock.ts';
import { KeyedMutex } from '../../lib/keyed-mutex.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import type { PoolStore } from './ports.ts';
import type { Pool } from './pool.ts';
import {
  isRemembered,
  newRetryRecord,
  retryRecordOf,
  withRetryRecord,
  type Retry,
  type RetryRecord,
} from './retry-record.ts';
import { newSpecification } from './specification.ts';

export class CreateOnce {
  readonly #store: PoolStore;
  readonly #clock: Clock;
  /** While the first request runs, the others with its key wait for it. */
  readonly #turns = new KeyedMutex();

  constructor(store: PoolStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The pool that the request made, where it was carried out before. Errors: KEY_REUSED. */
  find(name: string, given: PoolSpecification, retry: Retry): Pool | undefined {
    return this.#find(newRetryRecord(retry, name, given, this.#clock.now()));
  }

  /** Errors: POOL_ALREADY_EXISTS, KEY_REUSED. */
  run(name: string, given: PoolSpecification, retry: Retry): Promise<{ after: Pool; isReplay: boolean }> {
    const record = newRetryRecord(retry, name, given, this.#clock.now());
    return this.#turns.run(record.key, async () => {
      const made = this.#find(record);
      if (made !== undefined) return { after: made, isReplay: true };
      try {
        const specification = withRetryRecord(newSpecification(given), record);
        return { after: await this.#store.create(name, specification), isReplay: false };
      } catch (error) {
        if (!(error instanceof WarmpoolError) || error.code !== 'KUBERNETES::POOL_ALREADY_EXISTS') throw error;
        // Another server may have made it a moment ago.
        const present = await this.#store.get(name);
        if (this.#isMadeBy(record, present)) return { after: present, isReplay: true };
        throw error;
      }
    });
  }

  #find(record: RetryRecord): Pool | undefined {
    const made = this.#store.findByRetryKey(record.key);
    return this.#isMadeBy(record, made) ? made : undefined;
  }

  /** Whether the pool was made by this request. One that is being deleted answers nobody. Throws when another request had the key. */
  #isMadeBy(record: RetryRecord, pool: Pool | undefined): pool is Pool {
    const known = pool && retryRecordOf(pool);
    if (known?.key !== record.key || !isRemembered(known, this.#clock.now())) return false;
    if (known.body !== record.body)
      throw new WarmpoolError(
        'IDEMPOTENCY::KEY_REUSED',
        `The Idempotency-Key was used for another request, which made pool "${known.name}". Use a new key for each pool to make.`,
      );
    return pool?.deletingSince === undefined;
  }
}
