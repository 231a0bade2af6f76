// The claims that were seen on pods, and whether what clients were answered about them is true.
import type { ClaimMark } from '../pods/claim-mark.ts';
import type { ClaimAnswer } from './answers.ts';
import type { PodVersion } from './pod-version.ts';
import type { PromiseName, Write } from './violation.ts';

/** The whole seconds of managedFields are rounded down; another second is left for clocks that differ. */
const CLOCK_MARGIN_MS = 1_000;
/** How much later than it was written a version without a time may arrive. */
const WATCH_LAG_MS = 5_000;
/** Maximum number of ended claims whose answers can still be checked; the oldest are forgotten. */
const ENDED_MAX = 100_000;
/** Maximum number of renewals of a claim whose answers can still be checked. */
const RENEWALS_MAX = 50;

type End = NonNullable<ClaimMark['end']> | 'unmarked' | 'deleted' | 'taken back';

type ClaimRecord = {
  readonly pod: string;
  readonly poolUid: string | undefined;
  /** Undefined where the history began while it was held. */
  readonly bind: { readonly write: Write; readonly isUsable: boolean } | undefined;
  /** When each `expiresAt`, epoch milliseconds, was written. */
  readonly expiries: Map<number, Write>;
  end?: { readonly as: End; readonly write: Write };
  /** The first answer that named it. */
  answered?: { readonly key: string | undefined };
};

type Broken = (promise: PromiseName, sentence: string) => void;

export class ClaimHistory {
  readonly #live = new Map<string, ClaimRecord>();
  readonly #ended = new Map<string, ClaimRecord>();

  get size(): number {
    return this.#live.size + this.#ended.size;
  }

  /** A held mark was seen. @param write Undefined where the history began with it. */
  held({ id, expiresAt }: ClaimMark, pod: PodVersion, write: Write | undefined, broken: Broken): void {
    const { name } = pod.metadata;
    const known = this.#find(id);
    const isUsedAgain = known?.end !== undefined && write !== undefined;
    if (isUsedAgain) broken('one-holder', `Pod ${name}: claim ${id} was held before, on pod ${known.pod}`);
    if (!id.startsWith(`${name}-`)) broken('one-holder', `Pod ${name}: the mark of claim ${id} names another pod`);
    const bind = write && { write, isUsable: pod.isUsable };
    const record =
      known === undefined || isUsedAgain
        ? { pod: name, poolUid: pod.poolUid, bind, expiries: new Map<number, Write>() }
        : known;
    this.#ended.delete(id);
    this.#live.set(id, record);
    const expiresMs = Date.parse(expiresAt);
    if (record.expiries.has(expiresMs)) return;
    record.expiries.set(expiresMs, write ?? { seenAtMs: 0, resourceVersion: pod.metadata.resourceVersion });
    const [oldest] = record.expiries.keys();
    if (record.expiries.size > RENEWALS_MAX && oldest !== undefined) record.expiries.delete(oldest);
  }

  /** Nobody holds the pod of this claim any more. Its first end applies. */
  ended(id: string, as: End, write: Write, broken: Broken): void {
    const record = this.#live.get(id);
    if (record === undefined) return;
    record.end = { as, write };
    this.#live.delete(id);
    this.#ended.set(id, record);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > ENDED_MAX && oldest !== undefined) this.#ended.delete(oldest);
    if (as === 'taken back' && record.answered)
      broken('answers', `Pod ${record.pod}: claim ${id} was taken back although a client was answered 201`);
  }

  /** Checks an answer. Everything that was written before it must have been seen. */
  check(answer: ClaimAnswer, broken: Broken): void {
    const { claimId: id } = answer;
    const record = this.#find(id);
    if (record === undefined) {
      broken('answers', `Claim ${id} was answered as ${answer.kind}, but no pod ever had its mark`);
      return;
    }
    switch (answer.kind) {
      case 'claimed':
        checkClaimed(record, answer, broken);
        return;
      case 'renewed': {
        const write = record.expiries.get(Date.parse(answer.expiresAt));
        if (write === undefined || isAfter(write, answer.at))
          broken('answers', `Claim ${id} was answered as renewed, before its mark expired at ${answer.expiresAt}`);
        return;
      }
      case 'released':
        if (record.end === undefined || isAfter(record.end.write, answer.at))
          broken('answers', `Claim ${id} was answered as released, but its mark had no end yet`);
        return;
    }
  }

  #find(id: string): ClaimRecord | undefined {
    return this.#live.get(id) ?? this.#ended.get(id);
  }
}

const checkClaimed = (record: ClaimRecord, answer: ClaimAnswer & { kind: 'claimed' }, broken: Broken): void => {
  const { claimId: id, pod, poolUid, key, at } = answer;
  const { bind, end, answered } = record;
  record.answered ??= { key };
  if (pod !== record.pod) broken('answers', `Claim ${id} was answered with pod ${pod}; its mark is on ${record.pod}`);
  if (bind && isAfter(bind.write, at)) broken('answers', `Claim ${id} was answered before pod ${pod} had its mark`);
  if (bind && !bind.isUsable)
    broken('ready', `Claim ${id} was answered, but pod ${pod} was not ready, had no address or was to go`);
  if (poolUid !== record.poolUid)
    broken('pool-uid', `Claim ${id} was answered for pool ${poolUid}; its pod is of pool ${record.poolUid ?? 'none'}`);
  if (end?.as === 'taken back') broken('answers', `Claim ${id} was answered although its bind was taken back`);
  if (answered && (key === undefined || answered.key !== key))
    broken('one-answer', `Claim ${id} was answered twice, not for the same Idempotency-Key`);
};

const isAfter = ({ seenAtMs, writtenAtMs = seenAtMs - WATCH_LAG_MS }: Write, atMs: number): boolean =>
  writtenAtMs > atMs + CLOCK_MARGIN_MS;
