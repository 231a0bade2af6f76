// Writes marks: each write goes on from the pod as it is, and its outcome is known before anybody hears of it.
import { setTimeout } from 'node:timers/promises';
import { isForbidden, isLostRace } from '../connection/api-error.ts';
import type { Pod } from '../members/pod.ts';
import { isGone, isUnsure } from './pod-control.ts';
import type { PodRecord } from './pod-record.ts';
import type { PodTable } from './pod-table.ts';
import type { PatchOperation, ResourceClient } from '../resource/resource-client.ts';

/** What became of a write: the pod has it, somebody else was first, or the pod is gone. */
export type WriteOutcome = 'done' | 'lost' | 'gone';

const DEADLINE_MS = 5_000;
const SETTLE_PAUSE_MS = 200;

export class PodWriter {
  readonly #client: ResourceClient<Pod>;
  readonly #pods: PodTable;

  constructor(client: ResourceClient<Pod>, pods: PodTable) {
    this.#client = client;
    this.#pods = pods;
  }

  /**
   * Sends a patch. A write without an answer is settled by reading the pod until the API server answers. Rejects with
   * what the API server refused it for.
   * @param isCarriedOut Whether a pod has what the patch writes.
   */
  async patch(
    { name, uid }: PodRecord,
    patch: readonly PatchOperation[],
    isCarriedOut: (pod: PodRecord | undefined) => boolean,
  ): Promise<WriteOutcome> {
    try {
      this.#pods.put(await this.#client.patch(name, patch, { signal: deadline() }));
      return 'done';
    } catch (error) {
      if (isLostRace(error)) return 'lost';
      if (isGone(error)) {
        this.#pods.remove({ name, uid });
        return 'gone';
      }
      if (!isUnsure(error)) throw error;
      const isThere = await this.#settle(name, uid);
      if (!isThere) return 'gone';
      return isCarriedOut(this.#pods.get(name)) ? 'done' : 'lost';
    }
  }

  /** Reads the pod of this name. False if it does not exist. */
  async read(name: string): Promise<boolean> {
    const known = this.#pods.get(name);
    try {
      this.#pods.put(await this.#client.get(name, deadline()));
      return true;
    } catch (error) {
      if (!isGone(error)) throw error;
      if (known !== undefined) this.#pods.remove(known);
      return false;
    }
  }

  /** Reads the pod until the API server answers. Rejects if the account may not read it. */
  async #settle(name: string, uid: string): Promise<boolean> {
    for (;;) {
      try {
        return (await this.read(name)) && this.#pods.get(name)?.uid === uid;
      } catch (error) {
        if (isForbidden(error)) throw error;
        await setTimeout(SETTLE_PAUSE_MS);
      }
    }
  }
}

const deadline = () => AbortSignal.timeout(DEADLINE_MS);
