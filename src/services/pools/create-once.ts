// Makes a pool once, however often the request is sent: the same key and body answer with the pool as it is now.
import type { PoolSpecification } from '../../contract/pool.ts';
import type { Clock } from '../clock.ts';
import { Turns } from '../turns.ts';
import { WarmpoolError } from '../warmpool-error.ts';
import type { PoolStore } from './pool-store.ts';
import type { Pool } from './pool.ts';
import { isRemembered, newRetryRecord, retryRecordOf, withRetryRecord, type Retry } from './retry-record.ts';
import { newSpecification } from './specification.ts';

type Ports = { readonly store: PoolStore; readonly clock: Clock };

/** Errors of the answer: POOL_ALREADY_EXISTS, KEY_REUSED. */
export const createOnce = ({ store, clock }: Ports) => {
  /** While the first request runs, the others with its key wait for it. */
  const turns = new Turns();

  return async (name: string, given: PoolSpecification, retry: Retry): Promise<{ after: Pool; isReplay: boolean }> => {
    const nowMs = clock.now();
    const record = newRetryRecord(retry, name, given, nowMs);

    /** Whether `pool` was made by this request. Throws when by another one with its key. */
    const isMadeByThis = (pool: Pool | undefined): pool is Pool => {
      const known = pool && retryRecordOf(pool);
      if (known?.key !== record.key || !isRemembered(known, nowMs)) return false;
      if (known.body === record.body) return true;
      throw new WarmpoolError(
        'IDEMPOTENCY::KEY_REUSED',
        `The Idempotency-Key was used for another request, which made pool "${pool?.name ?? name}". Use a new key for each pool to make.`,
      );
    };

    return turns.run(record.key, async () => {
      const made = store.findByRetryKey(record.key);
      if (isMadeByThis(made)) return { after: made, isReplay: true };
      try {
        return { after: await store.create(name, withRetryRecord(newSpecification(given), record)), isReplay: false };
      } catch (error) {
        if (!(error instanceof WarmpoolError) || error.code !== 'KUBERNETES::POOL_ALREADY_EXISTS') throw error;
        // Another server may have made it a moment ago.
        const present = await store.get(name);
        if (isMadeByThis(present)) return { after: present, isReplay: true };
        throw error;
      }
    });
  };
};
