// The pods of Warmpool's pools from lists, the watch and responses to writes. It never goes back in time.
import type { Clock } from '../../../lib/clock.ts';
import { compareVersions } from '../../../lib/compare-versions.ts';
import type { DriverMember, ReportedUse } from '../../controller/ports.ts';
import type { ObjectStore } from '../cache/reflector.ts';
import type { Pod } from '../members/pod.ts';
import { recordOf, reportOf, useOf, type PodRecord } from './pod-record.ts';

export interface PodListener {
  /** The pod is new, or has changed. Called before `gone` of any older pod of its name is possible. */
  present(record: PodRecord, report: DriverMember): void;
  gone(record: PodRecord): void;
}

/** A bind of this server whose outcome is not known, or that was lost to a write that this server has not seen. */
type Bind = { readonly claimId: string; readonly resourceVersion: string; readonly isLost: boolean };

/** Deleted pods to remember, so that late responses do not bring them back. A uid is never used again. */
const REMEMBERED_DELETIONS = 10_000;

export class PodTable implements ObjectStore<Pod> {
  readonly #clock: Clock;
  readonly #records = new Map<string, PodRecord>();
  readonly #binds = new Map<string, Bind>();
  readonly #deleted = new Set<string>();
  readonly #listeners = new Set<PodListener>();
  /** Cancels the timer of each pod whose phase may change without an event. */
  readonly #timers = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#records.size === 0;
  }

  get(name: string): PodRecord | undefined {
    return this.#records.get(name);
  }

  values(): Iterable<PodRecord> {
    return this.#records.values();
  }

  /** The returned function ends it. */
  subscribe(listener: PodListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keeps the pod unless a newer version is known. */
  put(pod: Pod): void {
    const { name, uid, resourceVersion } = pod.metadata;
    const known = this.#records.get(name);
    if (this.#deleted.has(uid)) return;
    if (known !== undefined && compareVersions(resourceVersion, known.resourceVersion) <= 0) return;
    if (known !== undefined && known.uid !== uid) this.#remove(known);
    const record = recordOf(pod, this.#clock.now());
    if (record === undefined) {
      // Somebody removed what makes it one of ours.
      if (known !== undefined) this.#remove(known);
      return;
    }
    if (this.#binds.get(name)?.isLost === true) this.#binds.delete(name);
    this.#records.set(name, record);
    this.#report(record);
    this.#awaitNextPhase(record);
  }

  delete({ metadata: { name, uid } }: Pod): void {
    this.remove({ name, uid });
  }

  /** The pod is gone. */
  remove({ name, uid }: Pick<PodRecord, 'name' | 'uid'>): void {
    this.#remember(uid);
    const known = this.#records.get(name);
    if (known?.uid === uid) this.#remove(known);
  }

  replace(pods: readonly Pod[], listVersion: string): void {
    const listed = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const record of [...this.#records.values()])
      if (!listed.has(record.uid) && compareVersions(record.resourceVersion, listVersion) <= 0) this.remove(record);
    for (const pod of pods) this.put(pod);
  }

  clear(): void {
    for (const record of [...this.#records.values()]) this.#remove(record);
    this.#deleted.clear();
  }

  /** This server sends a bind: until `settle`, the pod counts as held by its claim. */
  beginBind(record: PodRecord, claimId: string): void {
    const { resourceVersion } = record;
    this.#binds.set(record.name, { claimId, resourceVersion, isLost: false });
  }

  /** The outcome of a bind is known. After a lost one nobody gets the pod before its next version: this one is out of date. */
  settle(name: string, outcome: 'known' | 'lost'): void {
    const bind = this.#binds.get(name);
    const record = this.#records.get(name);
    if (bind === undefined) return;
    if (outcome === 'lost' && record?.resourceVersion === bind.resourceVersion) {
      this.#binds.set(name, { ...bind, isLost: true });
      return;
    }
    this.#binds.delete(name);
    if (record !== undefined) this.#report(record);
  }

  /** Cancels the timers. */
  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #useOf(record: PodRecord): ReportedUse {
    const use = useOf(record);
    const bind = this.#binds.get(record.name);
    return bind !== undefined && use.by === 'nobody' ? { by: 'claim', claimId: bind.claimId } : use;
  }

  #report(record: PodRecord): void {
    const report = reportOf(record, this.#useOf(record));
    for (const listener of this.#listeners) listener.present(record, report);
  }

  #remove(record: PodRecord): void {
    this.#records.delete(record.name);
    this.#binds.delete(record.name);
    this.#cancelTimer(record.name);
    for (const listener of this.#listeners) listener.gone(record);
  }

  #remember(uid: string): void {
    this.#deleted.add(uid);
    const [oldest] = this.#deleted;
    if (oldest !== undefined && this.#deleted.size > REMEMBERED_DELETIONS) this.#deleted.delete(oldest);
  }

  #awaitNextPhase(record: PodRecord): void {
    this.#cancelTimer(record.name);
    const { next } = record;
    if (next === undefined) return;
    const cancel = this.#clock.after(next.atMs - this.#clock.now(), () => {
      this.#timers.delete(record.name);
      const changed = { ...record, ...next.change, next: undefined };
      this.#records.set(record.name, changed);
      this.#report(changed);
    });
    this.#timers.set(record.name, cancel);
  }

  #cancelTimer(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}
