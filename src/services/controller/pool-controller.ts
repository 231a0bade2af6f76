// Keeps every pool at its desired size. Level-triggered: a change puts the pool's uid on a queue, and one pass reads the
// whole current state, plans, and carries the plan out. It keeps no state that matters: after a crash, the next start continues.
import type { PoolPlan } from '../../contract/decision.ts';
import type { Clock } from '../../lib/clock.ts';
import { localConditions, type LocalFacts } from '../planning/conditions.ts';
import { decide, type Plan } from '../planning/decide.ts';
import { isWorthRecording, planDeletion, toPoolPlan } from '../planning/explain.ts';
import { revisionOf } from '../planning/revision.ts';
import type { PoolPlanner, ProposedChange } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { decisionOfStep } from './decision-of-step.ts';
import { follow } from './follow.ts';
import { MemberOrders } from './member-orders.ts';
import { MemberView } from './member-view.ts';
import { isNewTemplate, needsPass, observe } from './observe-pool.ts';
import type { DecisionJournal, DriverMember, MemberDriver, MemberEvent, PoolSource } from './ports.ts';
import { planPrepared } from './preparation.ts';
import { StartBackOffs } from './start-back-off.ts';
import { WorkQueue } from './work-queue.ts';

/** A member that is not ready this long after it began to start has failed. */
const START_DEADLINE_MS = 5 * 60_000;

/** Waits between starts that fail, and between scaling steps that fail. */
const BACK_OFF = { firstMs: 1_000, longestMs: 5 * 60_000 };

type PoolControllerOptions = {
  readonly pools: PoolSource;
  readonly driver: MemberDriver;
  readonly decisions: DecisionJournal;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'step' | 'stepFailed'>;
};

export class PoolController implements PoolPlanner {
  /** The members as the controller sees them. */
  readonly members = new MemberView();
  readonly #options: PoolControllerOptions;
  readonly #orders: MemberOrders;
  readonly #queue: WorkQueue;
  readonly #startBackOffs = new StartBackOffs(BACK_OFF);
  readonly #stopping = new AbortController();
  #followers: Promise<unknown> = Promise.resolve();

  constructor(options: PoolControllerOptions) {
    this.#options = options;
    const { driver, clock, observer } = options;
    this.#orders = new MemberOrders({ driver, clock, members: this.members });
    this.#queue = new WorkQueue({
      work: (uid) => this.#reconcile(uid),
      onError: observer.stepFailed.bind(observer),
      backOff: BACK_OFF,
      clock,
    });
  }

  /** Resolves when the existing members and pools are known and every pool is on the queue. */
  async start(): Promise<void> {
    const { driver, pools } = this.#options;
    const { signal } = this.#stopping;
    // Members first: a pass for a pool whose members are not known yet would start them again.
    const memberEvents = follow(driver.watch(signal), (event) => {
      this.#take(event);
    });
    await memberEvents.synced;
    const poolEvents = follow(pools.watch(signal), (event) => {
      if (event.type !== 'synced' && needsPass(event)) this.#queue.add(event.pool.uid);
    });
    await poolEvents.synced;
    // Members of pools that were deleted while no controller was running.
    for (const uid of this.members.poolUids()) this.#queue.add(uid);
    this.#followers = Promise.all([memberEvents.ended, poolEvents.ended]);
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

  async plan({ before, after }: ProposedChange): Promise<PoolPlan> {
    const members = before ? [...this.members.of(before.uid)] : [];
    if (after === undefined) return planDeletion(members);
    const backOff =
      before && !isNewTemplate(before, revisionOf(after)) ? this.#startBackOffs.get(before.uid) : undefined;
    return toPoolPlan(decide(observe(after, members, backOff?.untilMs), this.#options.clock.now()));
  }

  #take(event: MemberEvent): void {
    if (event.type === 'synced') return;
    if (event.type === 'preparation') {
      this.#queue.add(event.poolUid);
      return;
    }
    const member = event.type === 'present' ? event.member : this.members.remove(event.name);
    if (event.type === 'present') this.#takeReport(event.member);
    if (member !== undefined) this.#queue.add(member.poolUid);
  }

  #takeReport(member: DriverMember): void {
    const { name, poolUid, phase, message = 'The start failed.' } = member;
    const isOutcome = this.members.get(name)?.phase === 'starting';
    if (isOutcome && phase === 'ready') this.#startBackOffs.reset(poolUid);
    if (isOutcome && phase === 'failed') this.#startBackOffs.fail(poolUid, message, this.#options.clock.now());
    this.members.put(member);
  }

  async #reconcile(uid: string): Promise<void> {
    const pool = this.#options.pools.find(uid);
    if (pool === undefined) return this.#cleanUp(uid);
    const nowMs = this.#options.clock.now();
    // A deadline that has passed is one more report: it is in the view before the step reads it.
    this.#failOverdue(uid, nowMs);
    await this.#step(pool, nowMs);
    this.#planNextPass(uid, nowMs);
  }

  async #cleanUp(uid: string): Promise<void> {
    this.#startBackOffs.reset(uid);
    const { errors } = await this.#orders.stop(Array.from(this.members.of(uid), ({ name }) => name));
    if (errors.length > 0) throw errors[0];
    this.#queue.forget(uid);
  }

  /** A member that is not ready in time has failed, whatever its driver still expects. */
  #failOverdue(poolUid: string, nowMs: number): void {
    const message = `Not ready within ${START_DEADLINE_MS / 1_000} s.`;
    for (const member of this.members.of(poolUid))
      if (member.phase === 'starting' && nowMs >= member.startingSinceMs + START_DEADLINE_MS)
        this.#takeReport({ ...member, phase: 'failed', message });
  }

  async #step(pool: Pool, nowMs: number): Promise<void> {
    const { uid } = pool;
    if (isNewTemplate(pool, revisionOf(pool))) this.#startBackOffs.reset(uid);
    const { plan, preparing } = planPrepared({
      driver: this.#options.driver,
      pool,
      decide: () => decide(observe(pool, this.members.of(uid), this.#startBackOffs.get(uid)?.untilMs), nowMs),
      fail: (message) => {
        this.#startBackOffs.fail(uid, message, nowMs);
      },
    });
    // Nothing is left to start: earlier failures no longer matter.
    if (plan.observed.available + plan.observed.allocated >= plan.desired && plan.stale === 0)
      this.#startBackOffs.reset(uid);
    // The status is written before the plan is carried out: it reports what was observed, never what is only intended.
    await this.#writeStatus(pool, { plan, preparing, nowMs });
    if (this.#isCurrent(pool)) await this.#carryOut(pool, plan);
    else this.#queue.add(uid);
  }

  /** Whether a plan for the pool still applies: an await may let others change or delete it. */
  #isCurrent({ uid, generation }: Pool): boolean {
    return this.#options.pools.find(uid)?.generation === generation;
  }

  #writeStatus(pool: Pool, facts: Pick<LocalFacts, 'plan' | 'preparing' | 'nowMs'>): Promise<void> {
    const { uid, generation, status } = pool;
    const { plan } = facts;
    const { total, allocated, available } = plan.observed;
    const backOff = this.#startBackOffs.get(uid);
    return this.#options.pools.writeStatus(uid, {
      total,
      allocated,
      available,
      revision: revisionOf(pool),
      updated: plan.updated,
      observedGeneration: generation,
      conditions: localConditions({ ...facts, backOff, previous: status?.conditions }),
    });
  }

  async #carryOut(pool: Pool, plan: Plan): Promise<void> {
    const { decisions, clock, observer } = this.#options;
    const { removed, errors } = await this.#orders.stop(plan.remove.map(({ name }) => name));
    const { created, refusals } = await this.#orders.start(pool, this.#isCurrent(pool) ? plan.create : 0);
    for (const refusal of refusals) this.#startBackOffs.fail(pool.uid, refusal, clock.now());
    // The next pass reports in the status that starts fail.
    if (refusals.length > 0) this.#queue.add(pool.uid);
    if (created + removed.length > 0) observer.step(created, removed.length);
    if (isWorthRecording(plan, await decisions.lastReasonCodes(pool.uid)))
      await decisions.add(pool.uid, decisionOfStep(pool, plan, { created, removed, refusals }, clock.now()));
    // Stopping is tried again after a back-off.
    if (errors.length > 0) throw errors[0];
  }

  /** Plans a pass for when a start runs out of time or may be tried again: no event reports those moments. */
  #planNextPass(uid: string, nowMs: number): void {
    let nextMs = Infinity;
    // Not a time that has passed: an expired back-off stays until a start succeeds.
    const consider = (atMs: number) => {
      if (atMs > nowMs) nextMs = Math.min(nextMs, atMs);
    };
    consider(this.#startBackOffs.get(uid)?.untilMs ?? Infinity);
    for (const { phase, startingSinceMs } of this.members.of(uid))
      if (phase === 'starting') consider(startingSinceMs + START_DEADLINE_MS);
    if (nextMs !== Infinity) this.#queue.addAfter(uid, nextMs - nowMs);
  }
}
