// Keeps every pool at its desired size. Level-triggered: a change puts the pool's uid on a queue, and one pass reads the
// whole current state, plans, and carries the plan out. It keeps no state that matters: after a crash, the next start continues.
import type { Clock } from '../../lib/clock.ts';
import type { StartBackOff } from '../planning/conditions.ts';
import { decide, type Plan } from '../planning/decide.ts';
import { isWorthRecording } from '../planning/explain.ts';
import { revisionOf } from '../planning/revision.ts';
import type { Pool } from '../pools/pool.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { decisionOfStep } from './decision-of-step.ts';
import { follow } from './follow.ts';
import type { MemberOrders } from './member-orders.ts';
import type { MemberTable, TableMember } from './member-table.ts';
import { Pacing } from './pacing.ts';
import { isNewTemplate, needsPass, observe } from './observe-pool.ts';
import type { DecisionJournal, DriverMember, MemberControl, PoolSource, RuntimeProblem } from './ports.ts';
import { planPrepared } from './preparation.ts';
import { StartBackOffs } from './start-back-off.ts';
import { StatusWriter } from './status-writer.ts';
import { stuckMembers } from './stuck-members.ts';
import { WorkQueue } from './work-queue.ts';

/** A member that is not ready this long after it began to start has failed. */
const START_DEADLINE_MS = 5 * 60_000;

/** Waits between starts that fail, and between scaling steps that fail. */
const BACK_OFF = { firstMs: 1_000, longestMs: 5 * 60_000 };

type PoolControllerOptions = {
  readonly pools: PoolSource;
  readonly driver: MemberControl;
  readonly members: MemberTable;
  readonly orders: MemberOrders;
  readonly decisions: DecisionJournal;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'step' | 'stepFailed' | 'degradedChanged'>;
};

export class PoolController {
  readonly #options: PoolControllerOptions;
  readonly #queue: WorkQueue;
  readonly #pacing: Pacing;
  readonly #statuses: StatusWriter;
  readonly #startBackOffs = new StartBackOffs(BACK_OFF);
  readonly #stopping = new AbortController();
  #followers: Promise<unknown> = Promise.resolve();

  constructor(options: PoolControllerOptions) {
    this.#options = options;
    const { pools, clock, observer } = options;
    this.#pacing = new Pacing(clock);
    this.#statuses = new StatusWriter({ pools, pacing: this.#pacing, observer });
    this.#queue = new WorkQueue({
      work: (uid) => this.#reconcile(uid),
      onError: observer.stepFailed.bind(observer),
      backOff: BACK_OFF,
      clock,
    });
  }

  /** Call it once the members that exist are known: otherwise they would be started again. Resolves when every pool is on the queue. */
  async start(): Promise<void> {
    const { pools, members } = this.#options;
    const unsubscribe = members.subscribe({
      reported: (member) => {
        this.#noteOutcome(member);
      },
      changed: (uid) => {
        this.#queue.add(uid);
      },
    });
    this.#stopping.signal.addEventListener('abort', unsubscribe);
    const poolEvents = follow(pools.watch(this.#stopping.signal), (event) => {
      if (event.type !== 'synced' && needsPass(event)) this.#queue.add(event.pool.uid);
    });
    await poolEvents.synced;
    // Members of pools that were deleted while no controller was running.
    for (const uid of members.poolUids()) this.#queue.add(uid);
    this.#followers = poolEvents.ended;
  }

  /** Puts a pool on the queue: something that its step depends on has changed. */
  enqueue(uid: string): void {
    this.#queue.add(uid);
  }

  /** Resolves when no pool is on the queue; pending reports may add one again. */
  async settled(): Promise<void> {
    await this.#queue.idle();
  }

  /** Finishes the passes that are running and starts no more. Members stay as they are. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#queue.shutDown();
    await Promise.allSettled([this.#followers]);
  }

  /** Until when starts of a pool are delayed, and why, from the first failure until one succeeds. */
  backOffOf(uid: string): StartBackOff | undefined {
    return this.#startBackOffs.get(uid);
  }

  /** Starts that fail delay the next ones of the pool; a success ends that. A restart for the next holder is neither. */
  #noteOutcome({ name, poolUid, phase, message = 'The start failed.' }: DriverMember): void {
    const { members, clock } = this.#options;
    const known = members.get(name);
    if (known?.phase !== 'starting' || known.allocated || known.isRecycling) return;
    if (phase === 'ready') this.#startBackOffs.reset(poolUid);
    if (phase === 'failed') this.#startBackOffs.fail(poolUid, message, clock.now());
  }

  async #reconcile(uid: string): Promise<void> {
    const pool = this.#options.pools.find(uid);
    if (pool === 'unmanaged') {
      this.#forget(uid);
      return;
    }
    if (pool === 'deleted') return this.#cleanUp(uid);
    const nowMs = this.#options.clock.now();
    const pauseMs = this.#pacing.beginPass(uid, this.#options.members.count(uid));
    if (pauseMs > 0) {
      this.#queue.addAfter(uid, pauseMs);
      return;
    }
    // A deadline that has passed is one more report: it is in the view before the step reads it.
    this.#failOverdue(uid, nowMs);
    await this.#step(pool, nowMs);
    this.#planNextPass(uid, nowMs);
  }

  async #cleanUp(uid: string): Promise<void> {
    const { members, orders } = this.#options;
    this.#forget(uid);
    const { errors } = await orders.stop(Array.from(members.of(uid), ({ name }) => name));
    if (errors.length > 0) throw errors[0];
    this.#queue.forget(uid);
  }

  #forget(uid: string): void {
    this.#startBackOffs.reset(uid);
    this.#pacing.forget(uid);
    this.#statuses.forget(uid);
    this.#options.decisions.forget(uid);
  }

  /** A member that is not ready in time has failed, whatever its driver still expects. */
  #failOverdue(poolUid: string, nowMs: number): void {
    const { members } = this.#options;
    for (const member of [...members.of(poolUid)])
      if (nowMs >= startDeadlineMs(member))
        members.fail(member.name, `Not ready within ${START_DEADLINE_MS / 1_000} s.`);
  }

  async #step(pool: Pool, nowMs: number): Promise<void> {
    const { uid } = pool;
    if (isNewTemplate(pool, revisionOf(pool))) this.#startBackOffs.reset(uid);
    const { plan, preparing } = planPrepared({
      driver: this.#options.driver,
      pool,
      decide: () => decide(observe(pool, this.#options.members, this.backOffOf(uid)?.untilMs), nowMs),
      fail: (message) => {
        this.#startBackOffs.fail(uid, message, nowMs);
      },
    });
    // Nothing is left to start: earlier failures no longer matter.
    if (plan.observed.available + plan.observed.allocated >= plan.desired && plan.stale === 0)
      this.#startBackOffs.reset(uid);
    // The status is written before the plan is carried out: it reports what was observed, never what is only intended.
    const problems = [...this.#problemsOf(pool), ...stuckMembers(this.#options.members.of(uid))];
    const backOff = this.backOffOf(uid);
    const pauseMs = await this.#statuses.write(pool, { plan, preparing, backOff, problems, nowMs });
    if (pauseMs > 0) this.#queue.addAfter(uid, pauseMs);
    if (!this.#isCurrent(pool)) this.#queue.add(uid);
    else if (!this.#isBlocked(pool)) await this.#carryOut(pool, plan);
  }

  #problemsOf(pool: Pool): readonly RuntimeProblem[] {
    return this.#options.pools.problemsOf?.(pool) ?? [];
  }

  /** Whether no member of the pool may be started or stopped. Whoever ends that puts the pool on the queue. */
  #isBlocked(pool: Pool): boolean {
    return this.#problemsOf(pool).some(({ isBlocking }) => isBlocking);
  }

  /** Whether a plan for the pool still applies: an await may let others change or delete it. */
  #isCurrent({ uid, generation }: Pool): boolean {
    const present = this.#options.pools.find(uid);
    return typeof present === 'object' && present.generation === generation;
  }

  async #carryOut(pool: Pool, plan: Plan): Promise<void> {
    const { orders, decisions, clock, observer } = this.#options;
    const { removed, errors } = await orders.stop(plan.remove.map(({ name }) => name));
    const mayStart = this.#isCurrent(pool) && !this.#isBlocked(pool);
    const { created, refusals } = await orders.start(pool, mayStart ? plan.create : 0);
    for (const refusal of refusals) this.#startBackOffs.fail(pool.uid, refusal, clock.now());
    // The next pass reports in the status that starts fail.
    if (refusals.length > 0) this.#queue.add(pool.uid);
    if (created + removed.length > 0) observer.step(created, removed.length);
    if (isWorthRecording(plan, await decisions.lastReasonCodes(pool.uid)))
      await decisions.add(pool.uid, decisionOfStep(pool, plan, { created, removed, refusals }, clock.now()));
    // Stopping is retried after a back-off.
    if (errors.length > 0) throw errors[0];
  }

  /** Plans a pass for when a start runs out of time or may be retried: no event reports those moments. */
  #planNextPass(uid: string, nowMs: number): void {
    let nextMs = Infinity;
    // Not a time that has passed: an expired back-off stays until a start succeeds.
    const consider = (atMs: number) => {
      if (atMs > nowMs) nextMs = Math.min(nextMs, atMs);
    };
    consider(this.#startBackOffs.get(uid)?.untilMs ?? Infinity);
    for (const member of this.#options.members.of(uid)) consider(startDeadlineMs(member));
    if (nextMs !== Infinity) this.#queue.addAfter(uid, nextMs - nowMs);
  }
}

/** When a member has to be ready, epoch milliseconds. No deadline applies to one that a claim holds or held, or that waits for a place. */
const startDeadlineMs = ({
  phase,
  allocated,
  isRecycling,
  isUnscheduled = false,
  startingSinceMs,
}: TableMember): number =>
  phase === 'starting' && !allocated && !isRecycling && !isUnscheduled ? startingSinceMs + START_DEADLINE_MS : Infinity;
