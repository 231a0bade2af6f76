// Forecasts what OpenSandbox's controller will do: the scaling rule, applied to the pool's pods.
import type { PoolPlan } from '../../../contract/decision.ts';
import type { Member } from '../../../contract/member.ts';
import type { Clock } from '../../../lib/clock.ts';
import { isSameJson } from '../../../lib/canonical-json.ts';
import type { ObservedMember } from '../../planning/observed-pool.ts';
import { decide } from '../../planning/decide.ts';
import { planDeletion, toPoolPlan } from '../../planning/explain.ts';
import type { Pool } from '../../pools/pool.ts';
import type { MemberReader, PoolPlanner, ProposedChange } from '../../pools/ports.ts';
import { WarmpoolError } from '../../warmpool-error.ts';

/** Maximum number of members to assume from a status, which may contain anything. */
const ASSUMED_MAX = 10_000;

export class PodPlanner implements PoolPlanner {
  readonly #members: MemberReader;
  readonly #clock: Clock;

  constructor(members: MemberReader, clock: Clock) {
    this.#members = members;
    this.#clock = clock;
  }

  /** Without the permission to list pods the counts come from the status, and the plan has no names. */
  async plan({ before, after }: ProposedChange): Promise<PoolPlan> {
    const { members, areNamed } = before ? await this.#membersOf(before) : { members: [], areNamed: true };
    const plan = after ? this.#planChange(members, after, before) : planDeletion(members);
    return asForecast(areNamed ? plan : { ...plan, remove: [] });
  }

  #planChange(members: readonly ObservedMember[], after: Pool, before: Pool | undefined): PoolPlan {
    const isRollout = !isSameJson(before?.specification.template, after.specification.template);
    const observed = {
      ...(after.readable ?? after.specification),
      ...(isRollout ? { members, revision: UNKNOWN } : presentRevision(members, before?.status?.revision)),
      toRemove: new Set<string>(),
      unmet: 0,
    };
    return toPoolPlan(decide(observed, this.#clock.now()));
  }

  async #membersOf(pool: Pool): Promise<{ members: readonly ObservedMember[]; areNamed: boolean }> {
    try {
      return { members: (await this.#members.list(pool)).map(toObserved), areNamed: true };
    } catch (error) {
      if (!(error instanceof WarmpoolError) || error.code !== 'KUBERNETES::FORBIDDEN') throw error;
      return { members: assumedMembers(pool), areNamed: false };
    }
  }
}

/** In place of the controller's hash of a template that it has not seen: no member has it. */
const UNKNOWN = '?';

/** Until the controller has reported a revision, every member is treated as having it. */
const presentRevision = (members: readonly ObservedMember[], revision = '') =>
  revision === ''
    ? { members: members.map((member) => ({ ...member, revision: UNKNOWN })), revision: UNKNOWN }
    : { members, revision };

const toObserved = ({ createdAt, readyAt, ...member }: Member): ObservedMember => ({
  ...member,
  createdAtMs: Date.parse(createdAt),
  readyAtMs: readyAt === undefined ? undefined : Date.parse(readyAt),
});

/** As many members as the status reports, all of the current revision. */
const assumedMembers = ({ status }: Pool): ObservedMember[] => {
  if (status === undefined) return [];
  const { total, allocated, available, revision } = status;
  return Array.from({ length: Math.min(total, ASSUMED_MAX) }, (_, index) => ({
    name: String(index),
    revision,
    phase: index < allocated + available ? 'ready' : 'starting',
    allocated: index < allocated,
    createdAtMs: 0,
    restarts: 0,
  }));
};

const asForecast = (plan: PoolPlan): PoolPlan => {
  const message = 'This is a forecast: another controller decides, and may decide otherwise.';
  const reasons = [...plan.reasons, { code: 'FORECAST' as const, message }];
  return { ...plan, reasons, sentence: `${plan.sentence} ${message}` };
};
