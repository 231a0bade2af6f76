// The Lease by which a server says that it is alive, and which callers wait in its lines.
import { isNotFound, isOutOfDate } from '../resource/call-outcome.ts';
import { createHash } from 'node:crypto';
import { BackOff } from '../../../lib/back-off.ts';
import type { Clock } from '../../../lib/clock.ts';
import { deadlineIn, type Deadline } from './deadline.ts';
import { leaseProblem, microTime, toLeaseManifest } from './lease.ts';
import type { Lease, LeaseClient } from './lease.ts';
import type { PodReference } from './server-identity.ts';
import { formatWaiting, WAITING, type Waiting } from './waiting.ts';

const LABEL = 'warmpool.dev/lease';
/** Matches the Leases of all servers. */
export const SERVER_LEASES_SELECTOR = `${LABEL}=server`;

/** How long a server counts as alive after the last change of its Lease. */
export const SERVER_ALIVE_MS = 30_000;
const RENEW_MS = 10_000;
/** Between two writes: at most 4 a second. */
const PAUSE_MS = 250;
const WRITE_DEADLINE_MS = 5_000;
const DELETE_DEADLINE_MS = 2_000;
const BACK_OFF = { firstMs: 1_000, longestMs: 5_000 };

type ServerLeaseOptions = {
  readonly leases: LeaseClient;
  readonly identity: string;
  /** Kubernetes deletes the Lease with this pod. */
  readonly pod?: PodReference | undefined;
  readonly clock: Clock;
};

export class ServerLease {
  readonly identity: string;
  readonly name: string;
  readonly #options: ServerLeaseOptions;
  readonly #backOff = new BackOff(BACK_OFF);
  #waiting: Waiting = new Map();
  /** Whether something is to be stored before the next renewal. */
  #isDirty = true;
  #sentMs = -Infinity;
  /** No write begins earlier. */
  #notBeforeMs = -Infinity;
  #write: { readonly deadline: Deadline; readonly ended: Promise<void> } | undefined;
  #cancelTimer: () => void = () => undefined;
  #state: 'initial' | 'started' | 'stopped' = 'initial';
  /** Of the stored Lease. */
  #uid: string | undefined;
  #problem: string | undefined;

  constructor(options: ServerLeaseOptions) {
    this.#options = options;
    this.identity = options.identity;
    this.name = `warmpool-server-${createHash('sha256').update(options.identity).digest('hex').slice(0, 16)}`;
  }

  /** What was published last. */
  get waiting(): Waiting {
    return this.#waiting;
  }

  /** Why the Lease cannot be written, in a sentence; undefined while it can. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Creates the Lease, and renews it every 10 s. */
  start(): void {
    if (this.#state !== 'initial') return;
    this.#state = 'started';
    this.#plan();
  }

  /**
   * To be called with each change; before the start, it is stored with the start. The newest is always stored, what it replaced
   * within 250 ms is not. Longer lines than 5 000 callers in total are cut.
   * @param waiting Read when it is stored. Tokens have 16 characters at most.
   */
  publish(waiting: Waiting): void {
    this.#waiting = waiting;
    this.#isDirty = true;
    this.#plan();
  }

  /** Deletes the Lease, within 2 s: the others no longer count on this server. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#cancelTimer();
    this.#write?.deadline.abort();
    await this.#write?.ended;
    const uid = this.#uid;
    if (uid === undefined) return;
    this.#uid = undefined;
    const { leases, clock } = this.#options;
    await this.#call(deadlineIn(clock, DELETE_DEADLINE_MS), (signal) => leases.delete(this.name, { uid }, { signal }));
  }

  #plan(): void {
    if (this.#state !== 'started' || this.#write !== undefined) return;
    const { clock } = this.#options;
    const dueMs = Math.max(this.#notBeforeMs, this.#isDirty ? 0 : this.#sentMs + RENEW_MS);
    this.#cancelTimer();
    this.#cancelTimer = clock.after(dueMs - clock.monotonic(), () => {
      const deadline = deadlineIn(clock, WRITE_DEADLINE_MS);
      this.#write = { deadline, ended: this.#run(deadline) };
    });
  }

  async #run(deadline: Deadline): Promise<void> {
    const { clock } = this.#options;
    this.#sentMs = clock.monotonic();
    this.#isDirty = false;
    const written = await this.#call(deadline, (signal) => this.#put(signal));
    this.#uid = written?.metadata.uid ?? this.#uid;
    if (written === undefined) this.#isDirty = true;
    else this.#backOff.reset();
    this.#notBeforeMs = written === undefined ? clock.monotonic() + this.#backOff.next() : this.#sentMs + PAUSE_MS;
    this.#write = undefined;
    this.#plan();
  }

  /** The result of the call; undefined if it failed. */
  async #call<Result>(deadline: Deadline, call: (signal: AbortSignal) => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await call(deadline.signal);
      this.#problem = undefined;
      return result;
    } catch (error) {
      this.#problem = isOutOfDate(error) ? undefined : leaseProblem(this.name, error);
      return undefined;
    } finally {
      deadline.cancel();
    }
  }

  /** Each write is complete: it repairs what somebody has edited, and creates what somebody has deleted. */
  async #put(signal: AbortSignal): Promise<Lease> {
    const { leases, identity, pod, clock } = this.#options;
    const metadata = {
      labels: { [LABEL]: 'server' },
      annotations: { [WAITING]: formatWaiting(this.#waiting) },
      ...(pod !== undefined && { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', ...pod }] }),
    };
    const renewTime = microTime(clock.now());
    const spec = { holderIdentity: identity, leaseDurationSeconds: SERVER_ALIVE_MS / 1_000, renewTime };
    const fields = Object.entries(metadata).map(([field, value]) => ({ path: `/metadata/${field}`, value }));
    const patch = [...fields, { path: '/spec', value: spec }].map((field) => ({ op: 'add', ...field }) as const);
    try {
      return await leases.patch(this.name, patch, { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return leases.create(toLeaseManifest({ name: this.name, ...metadata }, spec), { signal });
    }
  }
}
