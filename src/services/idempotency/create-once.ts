// Creates a resource once, however often the request is repeated: the same key and body return the resource in its current state.
import type { Clock } from '../../lib/clock.ts';
import { KeyedMutex } from '../../lib/keyed-mutex.ts';
import { isRemembered, keyReused, newRetryRecord, type KeyedRequest, type RetryRecord } from './retry-record.ts';

/** What creating once needs to know about a kind of resource. */
type Resources<Resource> = {
  /** The resource whose retry record has this key, as far as this server knows. */
  readonly findByRetryKey: (key: string) => Resource | undefined;
  readonly retryRecordOf: (resource: Resource) => RetryRecord | undefined;
  /** Whether a repeated request may return the resource. */
  readonly isReplayable: (resource: Resource) => boolean;
  /** Names the resource in messages: `pool "a"`. */
  readonly describe: (resource: Resource) => string;
};

type Creation<Resource> = {
  /** Stores the resource together with its record, in one write. */
  readonly create: (record: RetryRecord) => Promise<Resource>;
  /** The resource that `create` conflicts with; undefined for any other error. */
  readonly findConflicting: (error: unknown) => Promise<Resource | undefined>;
};

export class CreateOnce<Resource> {
  readonly #resources: Resources<Resource>;
  readonly #clock: Clock;
  /** Requests with one key run one after the other. */
  readonly #mutex = new KeyedMutex();

  constructor(resources: Resources<Resource>, clock: Clock) {
    this.#resources = resources;
    this.#clock = clock;
  }

  /** The resource that this request created before. Errors: KEY_REUSED. */
  find(request: KeyedRequest): Resource | undefined {
    return this.#find(newRetryRecord(request, this.#clock.now()));
  }

  /** Returns what an earlier request created, or else creates. Errors: KEY_REUSED; those of `create`. */
  run(
    request: KeyedRequest,
    { create, findConflicting }: Creation<Resource>,
  ): Promise<{ readonly resource: Resource; readonly isReplay: boolean }> {
    const record = newRetryRecord(request, this.#clock.now());
    return this.#mutex.run(record.key, async () => {
      const known = this.#find(record);
      if (known !== undefined) return { resource: known, isReplay: true };
      try {
        return { resource: await create(record), isReplay: false };
      } catch (error) {
        // Another server may have created it a moment ago.
        const present = await findConflicting(error);
        if (present !== undefined && this.#isCreatedBy(record, present)) return { resource: present, isReplay: true };
        throw error;
      }
    });
  }

  #find(record: RetryRecord): Resource | undefined {
    const known = this.#resources.findByRetryKey(record.key);
    return known !== undefined && this.#isCreatedBy(record, known) ? known : undefined;
  }

  /** Throws when another request had the key. */
  #isCreatedBy(record: RetryRecord, resource: Resource): boolean {
    const { retryRecordOf, isReplayable, describe } = this.#resources;
    const known = retryRecordOf(resource);
    if (known?.key !== record.key || !isRemembered(known, this.#clock.now())) return false;
    if (known.body !== record.body) throw keyReused(`created ${describe(resource)}`);
    return isReplayable(resource);
  }
}
