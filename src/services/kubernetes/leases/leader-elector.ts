// Elects one server as the leader, as client-go does: the one that holds a Lease and renews it in time.
import { isNotFound, isOutOfDate } from '../resource/call-outcome.ts';
import type { Clock } from '../../../lib/clock.ts';
import { deadlineIn, type Deadline } from './deadline.ts';
import { leaseProblem, microTime, toLeaseManifest } from './lease.ts';
import type { Lease, LeaseClient } from './lease.ts';

const LEADER_LEASE = 'warmpool-leader';
/** How long the others wait after the last change of the Lease. */
const LEASE_SECONDS = 15;
/** Of a Lease that was given back: the API server rejects 0. */
const RELEASED_SECONDS = 1;
/** How long a leader leads after it has sent a renewal that succeeded. Shorter than the Lease: there are never two leaders. */
const RENEW_DEADLINE_MS = 10_000;
const RETRY_MS = 2_000;
/** Of the two calls of one attempt together. */
const ATTEMPT_DEADLINE_MS = 5_000;
const GIVE_BACK_DEADLINE_MS = 2_000;

interface ElectionObserver {
  /** @param leader Identity of the server that holds the Lease; undefined: none. */
  leaderChanged(leader: string | undefined): void;
  /** Why the Lease cannot be used; undefined when it can be used again. */
  electionProblemChanged(problem: string | undefined): void;
}

type LeaderElectorOptions = {
  readonly leases: LeaseClient;
  /** Of the Lease. Default `warmpool-leader`. */
  readonly name?: string;
  /** Unique among the servers. One that still holds the Lease under this identity leads at once. */
  readonly identity: string;
  readonly clock: Clock;
  /** Called at the start of each term. The signal aborts at its end. */
  readonly onElected: (signal: AbortSignal) => void;
  /** Called once at the end of each term, possibly from within `isLeader` or `stop`. */
  readonly onDeposed: () => void;
  readonly observer?: ElectionObserver;
};

export class LeaderElector {
  readonly #options: LeaderElectorOptions;
  readonly #name: string;
  /** The newest Lease, and since when this server knows it unchanged, by its own monotonic clock. */
  #seen: { readonly lease: Lease; readonly sinceMs: number } | undefined;
  /** Whether `#seen` is what this server's last write returned, so that it can be renewed without reading it. */
  #isOwn = false;
  #term: AbortController | undefined;
  /** End of the term unless it is renewed, by the monotonic clock. */
  #untilMs = 0;
  #cancelTermTimer: () => void = () => undefined;
  #attempt: { readonly deadline: Deadline; readonly ended: Promise<void> } | undefined;
  #cancelRetry: () => void = () => undefined;
  #stopped: Promise<void> | undefined;
  #problem: string | undefined;

  constructor(options: LeaderElectorOptions) {
    this.#options = options;
    this.#name = options.name ?? LEADER_LEASE;
  }

  start(): void {
    if (this.#attempt === undefined && this.#stopped === undefined) this.#try();
  }

  /** Ends the term and gives the Lease back, within 2 s. What must not overlap with the next leader is to be stopped before. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#end());
  }

  /** To be asked before every write of a leader: a process that was stopped for a while no longer leads when it continues. */
  isLeader(): boolean {
    if (this.#options.clock.monotonic() >= this.#untilMs) this.#depose();
    return this.#term !== undefined;
  }

  /** Identity of the server that holds the Lease as far as known, even if that has run out; undefined: none. */
  get leader(): string | undefined {
    return holderOf(this.#seen?.lease);
  }

  /** Why the Lease cannot be used, in a sentence; undefined while it can. */
  get problem(): string | undefined {
    return this.#problem;
  }

  #try(): void {
    const deadline = deadlineIn(this.#options.clock, ATTEMPT_DEADLINE_MS);
    this.#attempt = { deadline, ended: this.#run(deadline) };
  }

  async #run(deadline: Deadline): Promise<void> {
    try {
      await this.#takeOrRenew(deadline.signal);
      this.#report(undefined);
    } catch (error) {
      this.#isOwn = false;
      if (this.#stopped === undefined) this.#report(isOutOfDate(error) ? undefined : leaseProblem(this.#name, error));
    } finally {
      deadline.cancel();
    }
    if (this.#stopped !== undefined) return;
    const delayMs = Math.round(RETRY_MS * (0.8 + Math.random() / 5));
    this.#cancelRetry = this.#options.clock.after(delayMs, () => {
      this.#try();
    });
  }

  async #takeOrRenew(signal: AbortSignal): Promise<void> {
    const stored = this.#isOwn ? this.#seen?.lease : await this.#read(signal);
    if (stored !== undefined) this.#see(stored);
    if (!this.#mayTake()) return;
    const sentMs = this.#options.clock.monotonic();
    this.#isOwn = false;
    const written = await this.#write(stored, this.#nextSpec(stored?.spec), signal);
    this.#isOwn = true;
    this.#see(written);
    this.#lead(sentMs + RENEW_DEADLINE_MS);
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return await this.#options.leases.get(this.#name, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Rejects if the Lease is not as it was read: another writer was faster. */
  #write(stored: Lease | undefined, spec: Lease['spec'], signal: AbortSignal): Promise<Lease> {
    const { leases } = this.#options;
    if (stored === undefined) return leases.create(toLeaseManifest({ name: this.#name }, spec), { signal });
    const test = { op: 'test', path: '/metadata/resourceVersion', value: stored.metadata.resourceVersion } as const;
    return leases.patch(this.#name, [test, { op: 'add', path: '/spec', value: spec }], { signal });
  }

  #see(lease: Lease): void {
    const known = this.leader;
    if (lease.metadata.resourceVersion !== this.#seen?.lease.metadata.resourceVersion)
      this.#seen = { lease, sinceMs: this.#options.clock.monotonic() };
    if (this.leader !== known) this.#options.observer?.leaderChanged(this.leader);
    if (this.leader !== this.#options.identity) this.#depose();
  }

  /** Nobody else holds the Lease. One that was deleted counts until it would have run out: its holder may still lead. */
  #mayTake(): boolean {
    const { identity, clock } = this.#options;
    if (this.#seen === undefined || this.leader === undefined || this.leader === identity) return true;
    const { leaseDurationSeconds = LEASE_SECONDS } = this.#seen.lease.spec;
    return clock.monotonic() - this.#seen.sinceMs >= leaseDurationSeconds * 1_000;
  }

  #nextSpec(stored: Lease['spec'] = {}): Lease['spec'] {
    const { identity, clock } = this.#options;
    const renewTime = microTime(clock.now());
    const { holderIdentity, acquireTime = renewTime, leaseTransitions = 0 } = stored;
    const isFirst = holderIdentity === undefined;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_SECONDS,
      acquireTime: holderIdentity === identity ? acquireTime : renewTime,
      renewTime,
      leaseTransitions: isFirst || holderIdentity === identity ? leaseTransitions : leaseTransitions + 1,
    };
  }

  #lead(untilMs: number): void {
    // The response may have come too late, for the term that it renews or for any.
    this.isLeader();
    if (this.#stopped !== undefined || this.#options.clock.monotonic() >= untilMs) return;
    this.#untilMs = untilMs;
    if (this.#term !== undefined) return;
    this.#term = new AbortController();
    this.#watchDeadline();
    this.#options.onElected(this.#term.signal);
  }

  #watchDeadline(): void {
    const { clock } = this.#options;
    // Rounded up: a timer that fires a fraction of a millisecond early would only be set again.
    this.#cancelTermTimer = clock.after(Math.ceil(this.#untilMs - clock.monotonic()), () => {
      if (this.isLeader()) this.#watchDeadline();
    });
  }

  #depose(): void {
    const term = this.#term;
    if (term === undefined) return;
    this.#term = undefined;
    this.#cancelTermTimer();
    term.abort();
    this.#options.onDeposed();
  }

  async #end(): Promise<void> {
    this.#cancelRetry();
    this.#attempt?.deadline.abort();
    this.#depose();
    await this.#attempt?.ended;
    if (this.#attempt !== undefined) await this.#giveBack();
  }

  async #giveBack(): Promise<void> {
    const { identity, clock } = this.#options;
    const deadline = deadlineIn(clock, GIVE_BACK_DEADLINE_MS);
    try {
      const stored = this.#isOwn ? this.#seen?.lease : await this.#read(deadline.signal);
      if (stored === undefined || holderOf(stored) !== identity) return;
      const released = {
        holderIdentity: '',
        leaseDurationSeconds: RELEASED_SECONDS,
        renewTime: microTime(clock.now()),
      };
      await this.#write(stored, { ...stored.spec, ...released }, deadline.signal);
    } catch (error) {
      // It runs out by itself.
      leaseProblem(this.#name, error);
    } finally {
      deadline.cancel();
    }
  }

  #report(problem: string | undefined): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#options.observer?.electionProblemChanged(problem);
  }
}

const holderOf = (lease: Lease | undefined): string | undefined => {
  const holder = lease?.spec.holderIdentity;
  return holder === '' ? undefined : holder;
};
