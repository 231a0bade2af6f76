// The writes of a cluster, one after the other, and the checker that sees them.
import type { Answer } from '../../../../src/services/kubernetes/check/answers.ts';
import { ClaimChecker, type CheckerOptions } from '../../../../src/services/kubernetes/check/claim-checker.ts';
import { POD_VERSIONS } from '../../../../src/services/kubernetes/check/pod-version.ts';
import { POOL_VERSIONS } from '../../../../src/services/kubernetes/check/pool-version.ts';
import { formatMark, type ClaimMark } from '../../../../src/services/kubernetes/pods/claim-mark.ts';
import { CLAIM, CONTROLLER, IDLE, POOL_UID } from '../../../../src/services/kubernetes/pods/pod-metadata.ts';

export const POOL = 'uid-agents';

type StoredPod = {
  name: string;
  uid: string;
  annotations: Record<string, string>;
  isReady: boolean;
  labels?: Record<string, string>;
  deletionTimestamp?: string;
  phase?: string;
};
type PoolFields = { capacity?: object; type?: string; isManaged?: boolean; deletionTimestamp?: string };

/** Each write takes a second. */
export class History {
  readonly checker: ClaimChecker;
  readonly pods = new Map<string, StoredPod>();
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  #version = 0;
  #uids = 0;

  constructor(options?: CheckerOptions) {
    this.checker = new ClaimChecker(options);
  }

  get time(): string {
    return new Date(this.nowMs).toISOString();
  }

  pass(seconds: number): this {
    this.nowMs += seconds * 1_000;
    return this;
  }

  pool({ capacity = {}, type = 'Noop', isManaged = true, deletionTimestamp }: PoolFields = {}, uid = POOL): this {
    const metadata = {
      name: uid,
      uid,
      resourceVersion: this.#next(),
      deletionTimestamp,
      annotations: isManaged ? { [CONTROLLER]: 'warmpool' } : {},
    };
    const capacitySpec = { bufferMin: 1, bufferMax: 2, poolMin: 0, poolMax: 3, ...capacity };
    const object = POOL_VERSIONS.schema.parse({ metadata, spec: { capacitySpec, recycleStrategy: { type } } });
    this.checker.pool('MODIFIED', object, this.nowMs);
    return this;
  }

  poolGone(uid = POOL): this {
    const metadata = { name: uid, uid, resourceVersion: this.#next() };
    this.checker.pool('DELETED', POOL_VERSIONS.schema.parse({ metadata, spec: {} }), this.nowMs);
    return this;
  }

  create(name: string, { annotations = {}, isReady = true, poolUid = POOL } = {}): this {
    this.#uids += 1;
    const pod = { name, uid: `${name}-${this.#uids}`, isReady, annotations: { [POOL_UID]: poolUid, ...annotations } };
    this.pods.set(name, pod);
    return this.#send('ADDED', pod);
  }

  /** A new pod that is idle and ready. */
  start(name: string): this {
    return this.create(name, { annotations: { [IDLE]: '0' } });
  }

  change(name: string, fields: Partial<StoredPod>): this {
    const pod = this.pods.get(name);
    if (pod === undefined) throw new Error(`There is no pod ${name}.`);
    const changed = { ...pod, ...fields };
    this.pods.set(name, changed);
    return this.#send('MODIFIED', changed);
  }

  /** Replaces the mark: an idle number, a claim, both, or nothing. */
  mark(name: string, idle: number | undefined, claim?: Partial<ClaimMark> & { id: string }): this {
    const { [IDLE]: _idle, [CLAIM]: _claim, ...others } = this.pods.get(name)?.annotations ?? {};
    return this.change(name, {
      annotations: {
        ...others,
        ...(idle !== undefined && { [IDLE]: String(idle) }),
        ...(claim && { [CLAIM]: formatMark(this.#markOf(claim)) }),
      },
    });
  }

  idle(name: string, number: number): this {
    return this.mark(name, number);
  }

  hold(name: string, id: string, more: Partial<ClaimMark> = {}): this {
    return this.mark(name, undefined, { id, ...more });
  }

  end(name: string, id: string, end: ClaimMark['end'] = 'released', more: Partial<ClaimMark> = {}): this {
    return this.mark(name, undefined, { id, state: 'ended', end, ...more });
  }

  terminate(name: string): this {
    return this.change(name, { deletionTimestamp: new Date(this.nowMs + 30_000).toISOString() });
  }

  gone(name: string): this {
    const pod = this.pods.get(name);
    if (pod === undefined) throw new Error(`There is no pod ${name}.`);
    this.pods.delete(name);
    return this.#send('DELETED', pod);
  }

  /** A client is answered, now. */
  answered(answer: DistributiveOmit<Answer, 'at'>): this {
    this.checker.answered({ ...answer, at: this.nowMs });
    return this;
  }

  claimed(claimId: string, more: { pod?: string; poolUid?: string; key?: string } = {}): this {
    const pod = claimId.slice(0, claimId.lastIndexOf('-'));
    return this.answered({ kind: 'claimed', claimId, pod, poolUid: POOL, ...more });
  }

  /** The violations, once everything was seen. */
  violations() {
    this.checker.caughtUp(this.nowMs + 60_000);
    return this.checker.report().violations;
  }

  broken(): string[] {
    return this.violations().map(({ promise }) => promise);
  }

  /** The sentences about the state at the end. */
  final(keyLeases: { name: string; content: string }[] = []): string[] {
    this.checker.final(keyLeases, this.nowMs);
    return this.violations().map(({ sentence }) => sentence);
  }

  versionOf({ name, uid, annotations, isReady, labels, deletionTimestamp, phase }: StoredPod) {
    const time = new Date(Math.floor(this.nowMs / 1_000) * 1_000).toISOString();
    return POD_VERSIONS.schema.parse({
      metadata: {
        name,
        uid,
        resourceVersion: this.#next(),
        annotations,
        labels,
        deletionTimestamp,
        managedFields: [
          { manager: 'kubelet', operation: 'Update', time: '2025-01-01T00:00:00Z', fieldsV1: { 'f:status': {} } },
          { manager: 'warmpool', operation: 'Update', time, fieldsV1: { 'f:metadata': {} } },
        ],
      },
      status: { phase, podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
    });
  }

  #markOf(claim: Partial<ClaimMark> & { id: string }): ClaimMark {
    const expiresAt = new Date(this.nowMs + 3_600_000).toISOString();
    const times = { createdAt: this.time, boundAt: this.time, expiresAt };
    return { state: 'held', handedOut: 0, launch: 'warm', ttlSeconds: 3_600, ...times, ...claim };
  }

  #send(change: 'ADDED' | 'MODIFIED' | 'DELETED', pod: StoredPod): this {
    this.pass(1);
    this.checker.pod(change, this.versionOf(pod), this.nowMs);
    return this;
  }

  #next(): string {
    this.#version += 1;
    return String(this.#version);
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
