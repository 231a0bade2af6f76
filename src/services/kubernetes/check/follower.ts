// Receives every version of the objects of one resource, in order, for as long as the process lives.
import { setTimeout } from 'node:timers/promises';
import { BackOff } from '../../../lib/back-off.ts';
import { compareVersions } from '../../../lib/compare-versions.ts';
import { isExpired, toClusterError } from '../connection/api-error.ts';
import type { ResourceClient } from '../resource/resource-client.ts';
import { ObjectHistory, type Change, type Identified, type Identity } from './object-history.ts';

type Receiver<T> = {
  /** The state from which the history begins, or continues after a gap. */
  readonly listed: (objects: readonly T[]) => void;
  readonly changed: (change: Change<T>) => void;
  /** Writes are missing before the next list. */
  readonly gap: (reason: string) => void;
};

const WATCH_SECONDS = 30;
const SILENCE_MS = 5_000;
const BACK_OFF = { firstMs: 100, longestMs: 1_000 };
const POLL_MS = 50;
/** For how long a watch may send nothing before the objects are listed to find out whether it is behind. */
const QUIET_MS = 500;
const CATCH_UP_DEADLINE_MS = 30_000;

export class Follower<T extends Identified> {
  readonly #client: ResourceClient<T>;
  readonly #history: ObjectHistory<T>;
  readonly #receiver: Receiver<T>;
  readonly #objects = new Map<string, Identity>();
  readonly #stop = new AbortController();
  readonly #backOff = new BackOff(BACK_OFF);
  #version = '0';
  #running: Promise<void> | undefined;

  constructor(client: ResourceClient<T>, receiver: Receiver<T>) {
    this.#client = client;
    this.#history = new ObjectHistory(client);
    this.#receiver = receiver;
  }

  /** Resolves after the first list. Rejects with a WarmpoolError. */
  async start(): Promise<void> {
    await this.#list();
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Resolves when every write before the call was received. Rejects after 30 s. */
  async catchUp(): Promise<void> {
    const target = await this.#history.now();
    const startedMs = performance.now();
    while (compareVersions(this.#version, target) < 0) {
      await setTimeout(POLL_MS);
      const passedMs = performance.now() - startedMs;
      // Without later writes, no event and often no bookmark has a version as new as the target.
      if (passedMs > QUIET_MS && (await this.#isCurrent())) return;
      if (passedMs > CATCH_UP_DEADLINE_MS) throw new Error(`The watch did not reach version ${target} within 30 s.`);
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#watch();
        this.#backOff.reset();
      } catch (error) {
        if (isExpired(toClusterError(error, 'watch'))) await this.#fillGap().catch(() => undefined);
        await setTimeout(this.#backOff.next(), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #watch(): Promise<void> {
    const timeout = AbortSignal.timeout(WATCH_SECONDS * 1_000 + SILENCE_MS);
    const signal = AbortSignal.any([this.#stop.signal, timeout]);
    for await (const event of await this.#client.watch(this.#version, WATCH_SECONDS, signal)) {
      if (event.type === 'BOOKMARK') this.#version = event.object.metadata.resourceVersion;
      else this.#receive(event);
    }
  }

  /** A restarted API server watches only from its own start: what was written before comes from etcd. */
  async #fillGap(): Promise<void> {
    const from = this.#version;
    try {
      const changes = await this.#history.changes([...this.#objects.values()], from, await this.#history.now());
      for (const change of changes) this.#receive(change);
    } catch (error) {
      if (!isExpired(error)) throw error;
      await this.#list(`The writes after version ${from} are no longer available.`);
    }
  }

  async #list(gap?: string): Promise<void> {
    const { objects, version } = await this.#history.list();
    if (gap !== undefined) this.#receiver.gap(gap);
    this.#objects.clear();
    for (const { metadata } of objects) this.#objects.set(metadata.uid, metadata);
    this.#receiver.listed(objects);
    this.#version = version;
  }

  #receive(change: Change<T>): void {
    const { uid, resourceVersion } = change.object.metadata;
    if (change.type === 'DELETED') this.#objects.delete(uid);
    else this.#objects.set(uid, change.object.metadata);
    this.#version = resourceVersion;
    this.#receiver.changed(change);
  }

  /** Whether the objects received are those that exist. */
  async #isCurrent(): Promise<boolean> {
    const { objects } = await this.#history.list();
    const isReceived = ({ metadata: { uid, resourceVersion } }: T) =>
      compareVersions(this.#objects.get(uid)?.resourceVersion ?? '', resourceVersion) >= 0;
    return objects.length === this.#objects.size && objects.every(isReceived);
  }
}
