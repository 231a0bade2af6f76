// Decides from the history of pods and pools, and from the clients' record, which promise about claims was broken. Pure: time is an argument.
import { compareVersions } from '../../../lib/compare-versions.ts';
import type { Answer, ClaimAnswer } from './answers.ts';
import { ClaimHistory } from './claim-history.ts';
import { checkFinalState, type KeyLease } from './final-state.ts';
import { checkFirstMark, checkMarkChange } from './mark-change.ts';
import { firstRecord, holderOf, isStuck, nextRecord, type PodRecord } from './pod-history.ts';
import { writeOf, type PodVersion } from './pod-version.ts';
import { PoolHistory } from './pool-history.ts';
import type { PoolVersion } from './pool-version.ts';
import { Refusals } from './refusals.ts';
import type { PromiseName, Violation, Write } from './violation.ts';

export type CheckerOptions = {
  /** Whether others delete pods: then a held pod that is deleted is lost, which breaks no promise. Default true. */
  readonly othersDelete?: boolean;
};

/** What was checked, and what was found. */
export type CheckReport = {
  readonly violations: readonly Violation[];
  /** Where writes are missing in the history, and why: there, nothing was checked. */
  readonly gaps: readonly string[];
  readonly writes: number;
  readonly pods: number;
  readonly pools: number;
  /** Claims whose pod was deleted or lost its mark before their end. */
  readonly lost: number;
};

type Change = 'ADDED' | 'MODIFIED' | 'DELETED';

/** What is decided later: the watch of pools may be behind that of pods. */
type Suspicion = { readonly violation: Violation; readonly isBroken: () => boolean };

const VIOLATIONS_MAX = 1_000;

export class ClaimChecker {
  readonly #othersDelete: boolean;
  readonly #pods = new Map<string, PodRecord>();
  /** The uids of a pool's pods, by uid of the pool. */
  readonly #members = new Map<string, Set<string>>();
  readonly #pools = new PoolHistory();
  readonly #claims = new ClaimHistory();
  readonly #refusals = new Refusals();
  readonly #violations: Violation[] = [];
  readonly #gaps: string[] = [];
  readonly #counts = { writes: 0, pods: 0, lost: 0 };
  #answers: ClaimAnswer[] = [];
  #suspicions: Suspicion[] = [];

  constructor({ othersDelete = true }: CheckerOptions = {}) {
    this.#othersDelete = othersDelete;
  }

  /** The state from which the history of pools begins, or continues after a gap. */
  poolsListed(versions: readonly PoolVersion[], atMs: number): void {
    for (const version of versions) this.#pools.put(version, atMs);
    const listed = new Set(versions.map(({ metadata }) => metadata.uid));
    for (const { version } of this.#pools.values())
      if (!listed.has(version.metadata.uid)) this.#pools.delete(version.metadata.uid);
  }

  /** The state from which the history of pods begins, or continues after a gap. */
  podsListed(versions: readonly PodVersion[], atMs: number): void {
    const listed = new Set(versions.map(({ metadata }) => metadata.uid));
    for (const { version } of this.#pods.values()) if (!listed.has(version.metadata.uid)) this.#forget(version, atMs);
    for (const version of versions.filter(({ poolUid }) => poolUid !== undefined)) {
      const known = this.#pods.get(version.metadata.uid);
      if (known?.version.metadata.resourceVersion === version.metadata.resourceVersion) continue;
      if (known === undefined) this.#counts.pods += 1;
      this.#keep(firstRecord(version), atMs);
      if (version.mark.kind === 'claim' && holderOf(version) !== undefined)
        this.#claims.held(version.mark.claim, version, undefined, this.#broken(undefined, atMs));
    }
  }

  /** The next write to a pool. */
  pool(change: Change, version: PoolVersion, atMs: number): void {
    this.#counts.writes += 1;
    if (change === 'DELETED') this.#pools.delete(version.metadata.uid);
    else this.#pools.put(version, atMs);
  }

  /** The next write to a pod: every one, in order. A version that was seen before is ignored. */
  pod(change: Change, received: PodVersion, atMs: number): void {
    const known = this.#pods.get(received.metadata.uid);
    // A pod that loses its annotations is still a pod of its pool.
    const version = { ...received, poolUid: received.poolUid ?? known?.version.poolUid };
    if (known === undefined && (version.poolUid === undefined || change === 'DELETED')) return;
    if (known && compareVersions(version.metadata.resourceVersion, known.version.metadata.resourceVersion) <= 0) return;
    this.#counts.writes += 1;
    this.#found(this.#refusals.settle(atMs));
    if (known === undefined) this.#created(version, atMs);
    else if (change === 'DELETED') this.#deleted(known.version, version, atMs);
    else this.#changed(known, version, atMs);
  }

  /** The holder of the leader's Lease, whenever it is seen. */
  leader(holder: string, atMs: number): void {
    this.#pools.leaderSeen(holder, atMs);
  }

  /** Writes are missing from here on, until the next list. */
  gap(reason: string): void {
    this.#gaps.push(reason);
  }

  /** An answer that a client received; the writes it promises may be seen later. */
  answered(answer: Answer): void {
    if (answer.kind === 'refused') this.#refusals.add(answer);
    else this.#answers.push(answer);
  }

  /** Every write before `asOfMs` was seen: answers until then can be checked. */
  caughtUp(asOfMs: number): void {
    const due = this.#answers.filter(({ at }) => at <= asOfMs);
    if (due.length > 0) this.#answers = this.#answers.filter(({ at }) => at > asOfMs);
    // What is missing after a gap proves nothing.
    if (this.#gaps.length === 0)
      for (const answer of due) this.#claims.check(answer, this.#broken(undefined, answer.at));
    this.#found(this.#suspicions.filter(({ isBroken }) => isBroken()).map(({ violation }) => violation));
    this.#suspicions = [];
    this.#found(this.#refusals.settle(asOfMs));
  }

  /** Adds what is wrong with the current state, a minute after the last fault and without clients in line. */
  final(keyLeases: readonly KeyLease[], atMs: number): void {
    const pods = Array.from(this.#pods.values(), ({ version }) => version);
    this.#found(checkFinalState({ pools: [...this.#pools.values()], pods, keyLeases }, atMs));
  }

  /** Number of claims in memory. */
  get claimsKept(): number {
    return this.#claims.size;
  }

  report(): CheckReport {
    return { ...this.#counts, pools: this.#pools.size, violations: [...this.#violations], gaps: [...this.#gaps] };
  }

  #created(version: PodVersion, atMs: number): void {
    const { poolUid = '', metadata, mark } = version;
    const write = writeOf(version, atMs);
    const broken = this.#broken(write, atMs);
    this.#counts.pods += 1;
    const reason = checkFirstMark(mark);
    if (reason) broken(reason[0], `Pod ${metadata.name} ${reason[1]}`);
    this.#keep(firstRecord(version), atMs);
    if (mark.kind === 'claim') this.#claims.held(mark.claim, version, write, broken);

    const members = [...(this.#members.get(poolUid) ?? [])];
    const stuck = members.filter((uid) => isStuck(this.#pods.get(uid)?.version ?? version, atMs)).length;
    const exceeds = () => members.length > (this.#pools.maxPods(poolUid, stuck, atMs) ?? Infinity);
    if (!exceeds()) return;
    const maximum = `${this.#pools.maxPods(poolUid, stuck, atMs) ?? 0}, ${stuck} of them stuck`;
    const sentence = `Pod ${metadata.name} is the ${members.length}th of pool ${poolUid}; at most ${maximum}`;
    this.#suspect({ promise: 'pool-max', sentence, atMs, write }, exceeds);
  }

  #changed(before: PodRecord, version: PodVersion, atMs: number): void {
    const { mark, poolUid, metadata } = version;
    const write = writeOf(version, atMs);
    const broken = this.#broken(write, atMs);
    const reason = checkMarkChange({ mark: before.version.mark, number: before.number }, mark);
    if (reason) broken(reason[0], `Pod ${metadata.name} ${reason[1]}`);
    if (poolUid !== undefined && before.version.poolUid !== undefined && poolUid !== before.version.poolUid)
      broken('pool-uid', `Pod ${metadata.name} went from pool ${before.version.poolUid} to pool ${poolUid}`);

    const previous = holderOf(before.version);
    const holder = holderOf(version);
    if (previous !== undefined && previous !== holder)
      this.#claims.ended(previous, this.#endOf(version, previous), write, broken);
    if (mark.kind === 'claim' && holder !== undefined) {
      this.#claims.held(mark.claim, version, write, broken);
      if (previous !== holder) this.#checkRecycling(before, holder, write);
      if (version.terminatesAtMs !== undefined && before.version.terminatesAtMs === undefined)
        this.#lost(version, holder, write);
    }
    this.#keep(nextRecord(before, version, this.#pools.find(poolUid ?? '')), atMs);
  }

  #endOf({ mark }: PodVersion, claimId: string) {
    if (mark.kind === 'idle') return 'taken back';
    if (mark.kind === 'claim' && mark.claim.id === claimId && mark.claim.end !== undefined) return mark.claim.end;
    if (mark.kind === 'none') this.#counts.lost += 1;
    return 'unmarked';
  }

  #checkRecycling({ isSpentIn, version }: PodRecord, holder: string, write: Write): void {
    const { poolUid = '', metadata } = version;
    if (isSpentIn === undefined) return;
    const sentence = `Pod ${metadata.name} is held by claim ${holder} although a claim on it ended under Delete`;
    this.#suspect(
      { promise: 'recycling', sentence, atMs: write.seenAtMs, write },
      () => this.#pools.find(poolUid)?.recyclingEpoch === isSpentIn,
    );
  }

  #deleted(last: PodVersion, version: PodVersion, atMs: number): void {
    const holder = holderOf(last);
    if (holder !== undefined && last.terminatesAtMs === undefined) this.#lost(last, holder, writeOf(version, atMs));
    this.#forget(last, atMs);
  }

  #forget(last: PodVersion, atMs: number): void {
    const { poolUid = '', metadata } = last;
    const holder = holderOf(last);
    if (holder !== undefined) this.#claims.ended(holder, 'deleted', writeOf(last, atMs), () => undefined);
    this.#pods.delete(metadata.uid);
    const members = this.#members.get(poolUid);
    members?.delete(metadata.uid);
    if (members?.size === 0) this.#members.delete(poolUid);
    this.#refusals.setFree(poolUid, metadata.name, false, atMs);
  }

  /** A held pod is deleted. With its pool it may be; and a watch does not say by whom. */
  #lost({ metadata, poolUid = '' }: PodVersion, holder: string, write: Write): void {
    this.#counts.lost += 1;
    this.#claims.ended(holder, 'deleted', write, this.#broken(write, write.seenAtMs));
    const sentence = `Pod ${metadata.name} was deleted while claim ${holder} was held`;
    this.#suspect({ promise: 'held-pods', sentence, atMs: write.seenAtMs, write }, () => {
      const pool = this.#pools.find(poolUid);
      return !this.#othersDelete && pool?.isGone === false && !pool.version.isDeleting;
    });
  }

  #keep(record: PodRecord, atMs: number): void {
    const { metadata, poolUid = '', mark, isUsable } = record.version;
    this.#pods.set(metadata.uid, record);
    this.#members.set(poolUid, (this.#members.get(poolUid) ?? new Set()).add(metadata.uid));
    this.#refusals.setFree(poolUid, metadata.name, isUsable && mark.kind === 'idle', atMs);
  }

  #suspect(violation: Violation, isBroken: () => boolean): void {
    this.#suspicions.push({ violation, isBroken });
  }

  #broken(write: Write | undefined, atMs: number) {
    return (promise: PromiseName, sentence: string): void => {
      this.#found([{ promise, sentence, atMs, write }]);
    };
  }

  #found(violations: readonly Violation[]): void {
    if (this.#violations.length < VIOLATIONS_MAX) this.#violations.push(...violations);
  }
}
