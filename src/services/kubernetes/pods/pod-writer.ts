// Writes marks, and knows what became of each write.
import { isNotFound } from '../resource/call-outcome.ts';
import { setTimeout } from 'node:timers/promises';
import { serverIsStopping } from '../../warmpool-error.ts';
import { isForbidden, isLostRace } from '../connection/api-error.ts';
import type { Pod } from '../members/pod.ts';
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
  readonly #stop = new AbortController();

  constructor(client: ResourceClient<Pod>, pods: PodTable) {
    this.#client = client;
    this.#pods = pods;
  }

  /** Ends `settle`. */
  close(): void {
    this.#stop.abort(serverIsStopping());
  }

  /** Sends a patch that fails unless the pod is as it is known. Rejects with any other refusal, and if no answer came: `isUncertain`. */
  async patch({ name, uid }: PodRecord, patch: readonly PatchOperation[]): Promise<WriteOutcome> {
    try {
      this.#pods.put(await this.#client.patch(name, patch, { signal: deadline() }));
      return 'done';
    } catch (error) {
      if (isLostRace(error)) return 'lost';
      if (!isNotFound(error)) throw error;
      this.#pods.remove({ name, uid });
      return 'gone';
    }
  }

  /** Reads the pod of this name. */
  async read(name: string): Promise<void> {
    const known = this.#pods.get(name);
    try {
      this.#pods.put(await this.#client.get(name, deadline()));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      if (known !== undefined) this.#pods.remove(known);
    }
  }

  /** Reads the pod until the API server answers. Rejects when the server stops, and without the permission. */
  async settle(name: string): Promise<void> {
    for (;;) {
      try {
        await this.read(name);
        return;
      } catch (error) {
        this.#stop.signal.throwIfAborted();
        if (isForbidden(error)) throw error;
        await setTimeout(SETTLE_PAUSE_MS);
      }
    }
  }
}

const deadline = () => AbortSignal.timeout(DEADLINE_MS);
