// The members that exist, and who uses each of them. Every decision about a member is taken here, in one turn of the event
// loop: no member is handed out that is to be removed, and none is removed that has been handed out.
import { IdleMembers } from './idle-members.ts';
import { toSeen, useAfter, type TableMember, type Use } from './member-use.ts';
import type { DriverMember } from './ports.ts';
import type { MemberListener } from './member-listener.ts';

export type { TableMember } from './member-use.ts';

type Entry = { report: DriverMember; use: Use | undefined; seen: TableMember; isIdle: boolean };

const NO_MEMBERS: ReadonlyMap<string, Entry> = new Map();

export class MemberTable {
  readonly #byName = new Map<string, Entry>();
  readonly #byPool = new Map<string, Map<string, Entry>>();
  readonly #heldCounts = new Map<string, number>();
  readonly #unmet = new Map<string, number>();
  readonly #idle = new IdleMembers();
  readonly #listeners = new Set<Partial<MemberListener>>();
  #isOpen = false;

  /** The returned function ends it. */
  subscribe(listener: Partial<MemberListener>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(name: string): TableMember | undefined {
    return this.#byName.get(name)?.seen;
  }

  /** The members of a pool, in no particular order. */
  of(poolUid: string): IteratorObject<TableMember> {
    return (this.#byPool.get(poolUid) ?? NO_MEMBERS).values().map(({ seen }) => seen);
  }

  /** Number of members of a pool. */
  count(poolUid: string): number {
    return this.#byPool.get(poolUid)?.size ?? 0;
  }

  /** Uids of the pools that have members. */
  poolUids(): Iterable<string> {
    return this.#byPool.keys();
  }

  /** Number of members of a pool that claims hold. */
  heldCount(poolUid: string): number {
    return this.#heldCounts.get(poolUid) ?? 0;
  }

  /** Number of clients that wait for a member of the pool. */
  unmet(poolUid: string): number {
    return this.#unmet.get(poolUid) ?? 0;
  }

  setUnmet(poolUid: string, count: number): void {
    if (count === this.unmet(poolUid)) return;
    if (count === 0) this.#unmet.delete(poolUid);
    else this.#unmet.set(poolUid, count);
    this.#change(poolUid);
  }

  /** Hands out members from now on, those that are ready in the order in which they became ready. */
  open(): void {
    this.#isOpen = true;
    const readyAtMs = ({ report }: Entry) => report.readyAtMs ?? 0;
    for (const entry of [...this.#byName.values()].sort((one, other) => readyAtMs(one) - readyAtMs(other)))
      this.#update(entry, entry.use);
  }

  /** Takes a driver's report. */
  put(report: DriverMember): void {
    const known = this.#byName.get(report.name);
    const entry = known ?? this.#add(report);
    const { phase } = report;
    entry.report = report;
    this.#tell((listener) => listener.reported?.(report));
    this.#update(entry, useAfter(report, entry.use));
    this.#change(report.poolUid);
    if (phase === 'failed') this.#lose(entry, 'MemberFailed');
    if (phase === 'terminating') this.#lose(entry, 'MemberTerminating');
  }

  /** Reports a member as failed, whatever its driver still expects. */
  fail(name: string, message: string): void {
    const entry = this.#byName.get(name);
    if (entry !== undefined) this.put({ ...entry.report, phase: 'failed', message });
  }

  /** Takes a driver's report that a member no longer exists. */
  remove(name: string): void {
    const entry = this.#byName.get(name);
    if (entry === undefined) return;
    const { poolUid } = entry.report;
    this.#byName.delete(name);
    const siblings = this.#byPool.get(poolUid);
    siblings?.delete(name);
    if (siblings?.size === 0) this.#byPool.delete(poolUid);
    this.#lose(entry, 'MemberGone');
    this.#update(entry, undefined);
    this.#change(poolUid);
    this.#tell((listener) => listener.gone?.(name));
  }

  /** Which members this server prefers to hand out, where several servers hand out the same. Default: all. */
  setShare(isOwn: (name: string) => boolean): void {
    this.#idle.setShare(isOwn);
  }

  hasIdle(poolUid: string): boolean {
    return this.#idle.has(poolUid);
  }

  /** Hands out the next idle member of a pool to a claim; undefined if there is none. */
  hold(poolUid: string, currentRevision: string, claimIdOf: (member: string) => string): TableMember | undefined {
    const name = this.#idle.next(poolUid, currentRevision);
    const entry = name === undefined ? undefined : this.#byName.get(name);
    if (entry === undefined) return undefined;
    this.#update(entry, { by: 'claim', claimId: claimIdOf(entry.report.name) });
    this.#change(poolUid);
    return entry.seen;
  }

  /** Marks a member as held by a claim that was stored earlier. Before `open` only. Returns false if it does not exist. */
  restoreHold(name: string, claimId: string): boolean {
    return this.#use(name, { by: 'claim', claimId });
  }

  /** Ends the hold or the recycling of a member: it is idle, unless its driver is being asked to stop it. */
  free(name: string): void {
    const isStopping = this.#byName.get(name)?.use?.by === 'removal';
    this.#use(name, isStopping ? { by: 'removal', before: undefined } : undefined);
  }

  /** Ends the hold of a member, which nobody gets until `free`. Returns false if it does not exist. */
  startRecycling(name: string, { isRemoval }: { readonly isRemoval: boolean }): boolean {
    return this.#use(name, { by: 'recycling', isRemoval });
  }

  /**
   * Marks a member as terminating before its driver is asked to stop it, until the driver reports it so. Returns false if
   * it is already terminating, gone, or held by a claim.
   */
  reserve(name: string): boolean {
    const entry = this.#byName.get(name);
    if (entry === undefined || entry.report.phase === 'terminating') return false;
    if (entry.use?.by === 'claim' || entry.use?.by === 'removal') return false;
    this.#update(entry, { by: 'removal', before: entry.use });
    return true;
  }

  /** Ends `reserve` after the driver refused to stop the member: what it reports applies again. */
  release(name: string): void {
    const entry = this.#byName.get(name);
    if (entry?.use?.by === 'removal') this.#update(entry, entry.use.before);
  }

  #add(report: DriverMember): Entry {
    const entry = { report, use: undefined, seen: toSeen(report, undefined), isIdle: false };
    const { name, poolUid } = report;
    this.#byName.set(name, entry);
    const siblings = this.#byPool.get(poolUid) ?? new Map<string, Entry>();
    this.#byPool.set(poolUid, siblings.set(name, entry));
    return entry;
  }

  #use(name: string, use: Use | undefined): boolean {
    const entry = this.#byName.get(name);
    if (entry === undefined) return false;
    this.#update(entry, use);
    this.#change(entry.report.poolUid);
    return true;
  }

  #change(poolUid: string): void {
    this.#tell((listener) => listener.changed?.(poolUid));
  }

  #update(entry: Entry, use: Use | undefined): void {
    const { poolUid, name } = entry.report;
    const change = Number(use?.by === 'claim') - Number(entry.use?.by === 'claim');
    if (change !== 0) this.#heldCounts.set(poolUid, this.heldCount(poolUid) + change);
    if (this.heldCount(poolUid) === 0) this.#heldCounts.delete(poolUid);
    entry.use = use;
    entry.seen = toSeen(entry.report, use);
    const isIdle =
      this.#isOpen && use === undefined && entry.report.phase === 'ready' && this.#byName.get(name) === entry;
    const wasIdle = entry.isIdle;
    entry.isIdle = isIdle;
    if (wasIdle && !isIdle) this.#idle.remove(name);
    if (isIdle && !wasIdle) this.#idle.add(entry.report);
    if (isIdle && !wasIdle) this.#tell((listener) => listener.idle?.(poolUid));
  }

  #lose({ use }: Entry, reason: string): void {
    if (use?.by === 'claim') this.#tell((listener) => listener.lost?.(use.claimId, reason));
  }

  #tell(call: (listener: Partial<MemberListener>) => void): void {
    for (const listener of this.#listeners) call(listener);
  }
}
