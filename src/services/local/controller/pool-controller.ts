// Keeps every pool at the size that its rules ask for. Level-triggered: any change puts the pool's uid on a queue, and one
// pass reads the whole present state, plans, and carries the plan out. It holds no truth: killed anywhere, the next start goes on.
import type { Clock } from '../../clock.ts';
import { rfc3339 } from '../../clock.ts';
import { localConditions } from '../../planning/conditions.ts';
import { isWorthRecording, planPool, type Plan } from '../../planning/plan.ts';
import { templateRevision } from '../../planning/revision.ts';
import type { Pool } from '../../pools/pool.ts';
import type { DriverMember, MemberDriver, MemberEvent } from '../member-driver.ts';
import type { DecisionLog } from '../sqlite/decision-log.ts';
import type { LocalPoolStore } from '../sqlite/sqlite-pool-store.ts';
import { BackOffs } from './back-off.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { follow } from './follow.ts';
import { MemberOrders } from './member-orders.ts';
import { MemberView } from './member-view.ts';

/** A member that is not ready this long after it began to start has failed. */
const START_DEADLINE_MS = 5 * 60_000;

type PoolControllerOptions = {
  readonly store: LocalPoolStore;
  readonly driver: MemberDriver;
  readonly decisions: DecisionLog;
  readonly clock: Clock;
  /** Told of every step that did something. */
  readonly onStep?: (created: number, removed: number) => void;
  /** Told of every step that failed, and when it is tried again. */
  readonly onError: (poolUid: string, error: unknown, retryMs: number) => void;
};

export class PoolController {
  /** The members as the controller sees them. */
  readonly members = new MemberView();
  readonly #options: PoolControllerOptions;
  readonly #orders: MemberOrders;
  readonly #queue: KeyedQueue;
  readonly #backOffs = new BackOffs();
  readonly #stopping = new AbortController();
  #followers: Promise<unknown> = Promise.resolve();

  constructor(options: PoolControllerOptions) {
    this.#options = options;
    const { driver, clock, onError } = options;
    this.#orders = new MemberOrders({
      driver,
      clock,
      members: this.members,
      onRefused: ({ uid }, message) => {
        this.#backOffs.fail(uid, message, clock.now());
        this.#queue.add(uid);
      },
    });
    this.#queue = new KeyedQueue({ work: (uid) => this.#reconcile(uid), onError, clock });
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

  /** Resolves when everything that is due now is done. */
  async settled(): Promise<void> {
    await this.#queue.idle();
  }

  /** Finishes the steps that run, starts no more. Members stay as they are. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#queue.stop();
    await this.#followers;
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
    await this.#orders.stop(this.members.of(uid));
    this.#queue.forget(uid);
  }

  async #step(pool: Pool): Promise<void> {
    const { uid, specification, status } = pool;
    const nowMs = this.#options.clock.now();
    const revision = templateRevision(specification.template);
    // A new template deserves a try at once.
    if (status !== undefined && status.revision !== revision) this.#backOffs.reset(uid);
    const members = this.members.of(uid).map((member) => this.#judgeDeadline(member, nowMs));
    const plan = planPool(
      {
        ...specification,
        members: members.map((member) => ({ ...member, allocated: false })),
        toRemove: new Set(),
        unmet: 0,
        revision,
        backOffUntilMs: this.#backOffs.get(uid)?.untilMs,
      },
      nowMs,
    );
    // Nothing is left to start: that starts failed says nothing any more.
    if (plan.observed.available + plan.observed.allocated >= plan.desired) this.#backOffs.reset(uid);
    this.#writeStatus(pool, plan, revision, nowMs);
    await this.#carryOut(pool, plan, revision);
    this.#planNextLook(uid, members, nowMs);
  }

  #judgeDeadline(member: DriverMember, nowMs: number): DriverMember {
    if (member.phase !== 'starting' || nowMs < member.startingSinceMs + START_DEADLINE_MS) return member;
    const message = `Not ready within ${START_DEADLINE_MS / 1_000} s.`;
    this.#backOffs.fail(member.poolUid, message, nowMs);
    return { ...member, phase: 'failed', message };
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
    this.#options.store.setStatus(uid, {
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
    const { decisions, clock, onStep } = this.#options;
    const previous = decisions.newest(pool.uid)?.reasons.map(({ code }) => code);
    const removed = plan.remove.flatMap((name) => this.members.get(name) ?? []);
    await this.#orders.stop(removed);
    const created = await this.#orders.start(pool, plan.create, revision);
    if (plan.create + removed.length > 0) onStep?.(created, removed.length);
    const isDeleted = this.#options.store.getByUid(pool.uid) === undefined;
    if (isDeleted || !isWorthRecording(plan, previous)) return;
    decisions.add(pool.uid, {
      pool: pool.name,
      at: rfc3339(clock.now()),
      generation: pool.generation,
      observed: plan.observed,
      desired: plan.desired,
      create: created,
      remove: removed.map(({ name }) => name),
      reasons: [...plan.reasons],
      sentence: plan.sentence,
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
