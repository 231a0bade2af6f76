// The pods of pools that Warmpool did not start: they are not members.
import type { Clock } from '../../../lib/clock.ts';
import type { ObjectStore } from '../cache/reflector.ts';
import type { Pod } from '../members/pod.ts';
import { POOL_UID } from '../pods/pod-metadata.ts';

/** Times are epoch milliseconds. */
export type ForeignPod = {
  readonly name: string;
  readonly uid: string;
  readonly poolUid: string;
  /** By the clock of the API server, in whole seconds. */
  readonly createdAtMs: number;
  /** When this server received it; for one of a list, when it was created. */
  readonly arrivedAtMs: number;
  /** Whether it was a member until somebody removed its annotations. */
  readonly wasMember: boolean;
  readonly isTerminating: boolean;
};

type ForeignPodsOptions = {
  /** Uid of the member of this name; undefined if there is none. */
  readonly uidOfMember: (name: string) => string | undefined;
  readonly clock: Clock;
  readonly onArrival: (pod: ForeignPod) => void;
  readonly onChange: (poolUid: string) => void;
};

export class ForeignPods implements ObjectStore<Pod> {
  readonly #options: ForeignPodsOptions;
  readonly #byName = new Map<string, ForeignPod>();
  readonly #byPool = new Map<string, Map<string, ForeignPod>>();

  constructor(options: ForeignPodsOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#byName.size === 0;
  }

  of(poolUid: string): readonly ForeignPod[] {
    return [...(this.#byPool.get(poolUid)?.values() ?? [])];
  }

  put(pod: Pod): void {
    this.#put(pod, this.#options.clock.now());
  }

  replace(pods: readonly Pod[]): void {
    const listed = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const pod of [...this.#byName.values()]) if (!listed.has(pod.uid)) this.#remove(pod);
    const nowMs = this.#options.clock.now();
    for (const pod of pods) this.#put(pod, Math.min(nowMs, Date.parse(pod.metadata.creationTimestamp)));
  }

  delete({ metadata: { name, uid } }: Pod): void {
    const known = this.#byName.get(name);
    if (known?.uid === uid) this.#remove(known);
  }

  clear(): void {
    for (const pod of [...this.#byName.values()]) this.#remove(pod);
  }

  #put({ metadata }: Pod, arrivedAtMs: number): void {
    const { name, uid, ownerReferences, annotations, deletionTimestamp } = metadata;
    const known = this.#byName.get(name);
    const poolUid = ownerReferences.find(({ controller }) => controller)?.uid;
    const isForeign = annotations[POOL_UID] === undefined && poolUid !== undefined;
    if (known !== undefined && (known.uid !== uid || !isForeign)) this.#remove(known);
    if (!isForeign) return;
    const isNew = known?.uid !== uid;
    const pod: ForeignPod = {
      name,
      uid,
      poolUid,
      createdAtMs: Date.parse(metadata.creationTimestamp),
      arrivedAtMs: isNew ? arrivedAtMs : known.arrivedAtMs,
      wasMember: isNew ? this.#options.uidOfMember(name) === uid : known.wasMember,
      isTerminating: deletionTimestamp !== undefined,
    };
    this.#byName.set(name, pod);
    const siblings = this.#byPool.get(poolUid) ?? new Map<string, ForeignPod>();
    this.#byPool.set(poolUid, siblings.set(name, pod));
    if (isNew) this.#options.onArrival(pod);
    if (isNew || pod.isTerminating !== known.isTerminating) this.#options.onChange(poolUid);
  }

  #remove({ name, poolUid }: ForeignPod): void {
    this.#byName.delete(name);
    const siblings = this.#byPool.get(poolUid);
    siblings?.delete(name);
    if (siblings?.size === 0) this.#byPool.delete(poolUid);
    this.#options.onChange(poolUid);
  }
}
