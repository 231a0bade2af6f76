// Starts and stops the pods of pools.
import { isNotFound, isUncertain } from '../resource/call-outcome.ts';
import { isPoolAlreadyExists } from '../../pools/pool-errors.ts';
import { setTimeout } from 'node:timers/promises';
import { MemberChanged, type MemberControl, type MemberOrder } from '../../controller/ports.ts';
import { isLostRace } from '../connection/api-error.ts';
import type { Pod } from '../members/pod.ts';
import type { ResourceClient } from '../resource/resource-client.ts';
import { podManifest } from './pod-manifest.ts';
import { POOL_UID } from './pod-metadata.ts';
import type { PodRecord } from './pod-record.ts';
import type { PodTable } from './pod-table.ts';

type PodControlOptions = {
  readonly client: ResourceClient<Pod>;
  readonly pods: PodTable;
  readonly restarts: PodRestarter;
};

/** Restarts the containers of pods. */
interface PodRestarter {
  /** Resolves to false if the pod cannot be restarted. */
  begin(pod: PodRecord): Promise<boolean>;
  problems(): readonly string[];
}

const DEADLINE_MS = 5_000;
/** How often a start whose answer was lost is sent again, under the same name. */
const ATTEMPTS_MAX = 5;
const ATTEMPT_PAUSE_MS = 500;
export class PodControl implements MemberControl {
  readonly #client: ResourceClient<Pod>;
  readonly #pods: PodTable;
  readonly #restarts: PodRestarter;

  constructor({ client, pods, restarts }: PodControlOptions) {
    this.#client = client;
    this.#pods = pods;
    this.#restarts = restarts;
  }

  /** The API server validates templates. */
  review(): readonly [] {
    return [];
  }

  prepare() {
    return { state: 'ready' } as const;
  }

  async start(order: MemberOrder): Promise<void> {
    const manifest = podManifest(order);
    for (let attempt = 1; ; attempt++) {
      try {
        this.#pods.put(await this.#client.create(manifest, { signal: deadline() }));
        return;
      } catch (error) {
        if (isPoolAlreadyExists(error) && (await this.#hasLanded(order))) return;
        if (!isUncertain(error) || attempt === ATTEMPTS_MAX) throw error;
        await setTimeout(ATTEMPT_PAUSE_MS * attempt);
      }
    }
  }

  async stop(name: string): Promise<void> {
    const record = this.#pods.get(name);
    if (record === undefined || record.phase === 'terminating') return;
    const { uid, resourceVersion, mark } = record;
    // What another server may do at this moment must not be lost: a pod that nobody gets any more is deleted in any version.
    const preconditions = mark?.recycling === 'remove' ? { uid } : { uid, resourceVersion };
    try {
      const held = await this.#client.delete(name, preconditions, { signal: deadline() });
      if (held === undefined) this.#pods.remove(record);
      else this.#pods.put(held);
    } catch (error) {
      if (isNotFound(error)) this.#pods.remove(record);
      else if (isLostRace(error)) throw new MemberChanged(`Pod "${name}" has changed.`, { cause: error });
      else throw error;
    }
  }

  /** Stops a pod that cannot be restarted: the next holder gets a new one. */
  async restart(name: string): Promise<void> {
    const record = this.#pods.get(name);
    if (record === undefined || record.phase === 'terminating') return;
    if (!(await this.#restarts.begin(record))) await this.stop(name);
  }

  problems(): readonly string[] {
    return this.#restarts.problems();
  }

  close(): void {
    this.#pods.close();
  }

  /** Whether the pod of this name is the one that was ordered: an earlier attempt was carried out. */
  async #hasLanded({ name, poolUid }: MemberOrder): Promise<boolean> {
    const pod = await this.#client.get(name, deadline());
    const isOurs = pod.metadata.annotations[POOL_UID] === poolUid && pod.metadata.deletionTimestamp === undefined;
    if (isOurs) this.#pods.put(pod);
    return isOurs;
  }
}

const deadline = () => AbortSignal.timeout(DEADLINE_MS);
