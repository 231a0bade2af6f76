// Keeps every pool at the size that its rules ask for. Level-triggered: any change puts the pool's uid on a queue, and one
// pass reads the whole present state, plans, and carries the plan out. It holds no truth: killed anywhere, the next start goes on.
import type { PoolPlan } from '../../contract/decision.ts';
import type { Clock } from '../../lib/clock.ts';
import { rfc3339 } from '../../lib/rfc3339.ts';
import { localConditions } from '../planning/conditions.ts';
import { planDeletion, toPoolPlan } from '../planning/pool-plan.ts';
import type { ObservedPool } from '../planning/observed-pool.ts';
import { isWorthRecording, planPool, type Plan } from '../planning/plan.ts';
import { templateRevision } from '../planning/revision.ts';
import type { PoolPlanner, ProposedChange } from '../pools/ports.ts';
import type { Pool } from '../pools/pool.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import type { DriverMember, MemberDriver, MemberEvent } from './member-driver.ts';
import type { DecisionJournal, ManagedPoolStore } from './controller-ports.ts';
import { StartBackOffs } from './start-back-off.ts';
import { WorkQueue } from './work-queue.ts';
import { follow } from './follow.ts';
import { MemberOrders } from './member-orders.ts';
import { MemberView } from './member-view.ts';

/** A member that is not ready this long after it began to start has failed. */
const START_DEADLINE_MS = 5 * 60_000;

type PoolControllerOptions = {
  readonly store: ManagedPoolStore;
  readonly driver: MemberDriver;
  readonly decisions: DecisionJournal;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'step' | 'stepFailed'>;
};

/** What became of a plan. */
type Outcome = { readonly created: number; readonly removed: readonly string[]; readonly refusals: readonly string[] };

/** A new template deserves a try at once. */
const isNewTemplate = ({ status }: Pool, revision: string): boolean =>
  status !== undefined && status.revision !== revision;

const observe = (
  { specification }: Pool,
  members: readonly DriverMember[],
  revision: string,
  backOffUntilMs: number | undefined,
): ObservedPool => ({
  ...specification,
  members: members.map((member) => ({ ...member, allocated: false })),
  toRemove: new Set(),
  unmet: 0,
  revision,
  backOffUntilMs,
});

export class PoolController implements PoolPlanner {
  /** The members as the controller sees them. */
  readonly members = new MemberView();
  readonly #options: PoolControllerOptions;
  readonly #orders: MemberOrders;
  readonly #queue: WorkQueue;
  readonly #backOffs = new StartBackOffs();
  readonly #stopping = new AbortController();
  #followers: Promise<unknown> = Promise.resolve();

  constructor(options: PoolControllerOptions) {
    this.#options = options;
    const { driver, clock, observer } = options;
    this.#orders = new MemberOrders({
      driver,
      clock,
      members: this.members,
      onRefused: ({ uid }, message) => {
        this.#backOffs.fail(uid, message, clock.now());
        this.#queue.add(uid);
      },
    });
    this.#queue = new WorkQueue({
      work: (uid) => this.#reconcile(uid),
      onError: (...failure) => {
        observer.stepFailed(...failure);
      },
      clock,
    });
  }

  /** Resolves when the members and pools that exist are known and every pool is on the queue. */
  async start(): Promise<void> {
    const { driver, store } = this.#options;
    const { signal } = this.#stopping;
    // Members first: a pool that is looked at before its members are known would start them again.
    const members = follow(driver.watch(signal), (event) => {
      this.#observe(event);
    });
    await members.synced;
    const pools = follow(store.watch(signal), (event) => {
      if (event.type !== 'synced') this.#queue.add(event.pool.uid);
    });
    await pools.synced;
    // What is left of pools that were deleted while nobody watched.
    for (const uid of this.members.poolUids()) this.#queue.add(uid);
    this.#followers = Promise.all([members.ended, pools.ended]);
  }

  /** Resolves when nothing waits on the queue; reports that are on their way may put something there again. */
  async settled(): Promise<void> {
    await this.#queue.idle();
  }

  /** Finishes the steps that run, starts no more. Members stay as they are. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#queue.shutDown();
    await Promise.allSettled([this.#followers]);
  }

  async plan({ before, after }: ProposedChange): Promise<PoolPlan> {
    const members = before ? this.members.of(before.uid) : [];
    if (after === undefined) return planDeletion(members.filter(({ phase }) => phase !== 'terminating'));
    const revision = templateRevision(after.specification.template);
    const backOff = before && !isNewTemplate(before, revision) ? this.#backOffs.get(before.uid) : undefined;
    return toPoolPlan(planPool(observe(after, members, revision, backOff?.untilMs), this.#options.clock.now()));
  }

  #observe(event: MemberEvent): void {
    switch (event.type) {
      case 'present': {
        const { member } = event;
        if (this.members.get(member.name)?.phase === 'starting') this.#noteOutcome(member);
        this.members.put(member);
        this.#queue.add(member.poolUid);
        break;
      }
      case 'gone': {
        const member = this.members.remove(event.name);
        if (member !== undefined) this.#queue.add(member.poolUid);
        break;
      }
      case 'synced':
        break;
    }
  }

  #noteOutcome({ poolUid, phase, message }: DriverMember): void {
    if (phase === 'ready') this.#backOffs.reset(poolUid);
    if (phase === 'failed') this.#backOffs.fail(poolUid, message ?? 'The start failed.', this.#options.clock.now());
  }

  async #reconcile(uid: string): Promise<void> {
    const pool = this.#options.store.getByUid(uid);
    if (pool === undefined) await this.#cleanUp(uid);
    else await this.#step(pool);
  }

  async #cleanUp(uid: string): Promise<void> {
    this.#backOffs.reset(uid);
    const { errors } = await this.#orders.stop(this.members.of(uid));
    if (errors.length > 0) throw errors[0];
    this.#queue.forget(uid);
  }

  async #step(pool: Pool): Promise<void> {
    const { uid } = pool;
    const nowMs = this.#options.clock.now();
    const revision = templateRevision(pool.specification.template);
    if (isNewTemplate(pool, revision)) this.#backOffs.reset(uid);
    this.#failOverdue(uid, nowMs);
    const members = this.members.of(uid);
    const plan = planPool(observe(pool, members, revision, this.#backOffs.get(uid)?.untilMs), nowMs);
    // Nothing is left to start: that starts failed says nothing any more.
    if (plan.observed.available + plan.observed.allocated >= plan.desired) this.#backOffs.reset(uid);
    this.#writeStatus(pool, plan, revision, nowMs);
    await this.#carryOut(pool, plan, revision);
    this.#planNextLook(uid, members, nowMs);
  }

  /** A member that has not become ready in time has failed, whatever its driver still hopes. */
  #failOverdue(poolUid: string, nowMs: number): void {
    const message = `Not ready within ${START_DEADLINE_MS / 1_000} s.`;
    for (const member of this.members.of(poolUid)) {
      if (member.phase !== 'starting' || nowMs < member.startingSinceMs + START_DEADLINE_MS) continue;
      const failed = { ...member, phase: 'failed' as const, message };
      this.#noteOutcome(failed);
      this.members.put(failed);
    }
  }

  #writeStatus({ uid, generation, specification, status }: Pool, plan: Plan, revision: string, nowMs: number): void {
    const { total, allocated, available } = plan.observed;
    const conditions = localConditions({
      plan,
      capacitySpec: specification.capacitySpec,
      backOff: this.#backOffs.get(uid),
      previous: status?.conditions,
      nowMs,
    });
    this.#options.store.writeStatus(uid, {
      total,
      allocated,
      available,
      revision,
      updated: plan.updated,
      observedGeneration: generation,
      conditions,
    });
  }

  async #carryOut(pool: Pool, plan: Plan, revision: string): Promise<void> {
    const { decisions, observer } = this.#options;
    const previous = decisions.lastReasonCodes(pool.uid);
    const members = plan.remove.flatMap((name) => this.members.get(name) ?? []);
    const { removed, errors } = await this.#orders.stop(members);
    const { created, refusals } = await this.#orders.start(pool, plan.create, revision);
    if (created + removed.length > 0) observer.step(created, removed.length);
    if (isWorthRecording(plan, previous)) this.#record(pool, plan, { created, removed, refusals });
    // What could not be stopped is tried again, later and later.
    if (errors.length > 0) throw errors[0];
  }

  /** Keeps the plan as it was carried out. */
  #record(pool: Pool, plan: Plan, { created, removed, refusals }: Outcome): void {
    // The pool may have been deleted while the step ran.
    if (this.#options.store.getByUid(pool.uid) === undefined) return;
    const failure = refusals.length > 0 ? ` ${refusals.length} could not be started: ${refusals[0] ?? ''}.` : '';
    const later = plan.create - created - refusals.length;
    const rest = later > 0 ? ` ${later} of them in later steps.` : '';
    this.#options.decisions.add(pool.uid, {
      pool: pool.name,
      at: rfc3339(this.#options.clock.now()),
      generation: pool.generation,
      observed: plan.observed,
      desired: plan.desired,
      create: created,
      remove: [...removed],
      reasons: [...plan.reasons],
      sentence: `${plan.sentence}${rest}${failure}`,
    });
  }

  /** Looks again when a start runs out of time, or when starts may be tried again: nothing else tells of those moments. */
  #planNextLook(uid: string, members: readonly DriverMember[], nowMs: number): void {
    const deadlines = members
      .filter(({ phase }) => phase === 'starting')
      .map(({ startingSinceMs }) => startingSinceMs + START_DEADLINE_MS);
    const next = Math.min(...deadlines, this.#backOffs.get(uid)?.untilMs ?? Infinity);
    if (next !== Infinity && next > nowMs) this.#queue.addAfter(uid, next - nowMs);
  }
}
