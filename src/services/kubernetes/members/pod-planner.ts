// Forecasts what OpenSandbox's controller will do: the scaling rule over the pool's pods.
import type { PoolPlan } from '../../../contract/decision.ts';
import type { Member } from '../../../contract/member.ts';
import { decide } from '../../planning/decide.ts';
import { planDeletion, toPoolPlan } from '../../planning/pool-plan.ts';
import type { ObservedMember } from '../../planning/observed-pool.ts';
import type { MemberReader, PoolPlanner, ProposedChange } from '../../pools/ports.ts';
import type { Pool } from '../../pools/pool.ts';
import { isSameJson } from '../../../lib/same-json.ts';
import type { Clock } from '../../../lib/clock.ts';
import { WarmpoolError } from '../../warmpool-error.ts';

/** Most members that are made up from a status, in which anything may stand. */
const MADE_UP_MAX = 10_000;

export class PodPlanner implements PoolPlanner {
  readonly #members: MemberReader;
  readonly #clock: Clock;

  constructor(members: MemberReader, clock: Clock) {
    this.#members = members;
    this.#clock = clock;
  }

  /** Where pods may not be read, counts come from the status and no names are told. */
  async plan({ before, after }: ProposedChange): Promise<PoolPlan> {
    const { members, areNamed } = before ? await this.#membersOf(before) : { members: [], areNamed: true };
    const plan = after
      ? this.#planChange(members, after, before)
      : planDeletion(members.filter(({ phase }) => phase !== 'terminating'));
    return asForecast(areNamed ? plan : { ...plan, remove: [] });
  }

  #planChange(members: readonly ObservedMember[], after: Pool, before: Pool | undefined): PoolPlan {
    const { revision, ...rest } = isSameJson(before?.specification.template, after.specification.template)
      ? presentRevision(members, before?.status?.revision)
      : { members, revision: UNKNOWN };
    const specification = after.readable ?? after.specification;
    const observed = { ...specification, ...rest, toRemove: new Set<string>(), unmet: 0, revision };
    return toPoolPlan(decide(observed, this.#clock.now()));
  }

  async #membersOf(pool: Pool): Promise<{ members: readonly ObservedMember[]; areNamed: boolean }> {
    try {
      return { members: (await this.#members.list(pool)).map(toObserved), areNamed: true };
    } catch (error) {
      if (!(error instanceof WarmpoolError) || error.code !== 'KUBERNETES::FORBIDDEN') throw error;
      return { members: madeUp(pool), areNamed: false };
    }
  }
}

/** Stands for the controller's hash of a template that it has not seen: no member has it. */
const UNKNOWN = '?';

/** Until the controller has told a revision, every member counts as one of it. */
const presentRevision = (members: readonly ObservedMember[], revision = '') =>
  revision === ''
    ? { members: members.map((member) => ({ ...member, revision: UNKNOWN })), revision: UNKNOWN }
    : { members, revision };

const toObserved = ({ createdAt, readyAt, ...member }: Member): ObservedMember => ({
  ...member,
  createdAtMs: Date.parse(createdAt),
  readyAtMs: readyAt === undefined ? undefined : Date.parse(readyAt),
});

/** As many members as the status counts, all of the present revision. */
const madeUp = ({ status }: Pool): ObservedMember[] => {
  if (status === undefined) return [];
  const { total, allocated, available, revision } = status;
  return Array.from({ length: Math.min(total, MADE_UP_MAX) }, (_, index) => ({
    name: String(index),
    revision,
    phase: index < allocated + available ? 'ready' : 'starting',
    allocated: index < allocated,
    createdAtMs: 0,
    restarts: 0,
  }));
};

/** The plan, where another controller decides. */
const asForecast = (plan: PoolPlan): PoolPlan => {
  const message = 'This is a forecast: another controller decides here, and may decide otherwise.';
  return {
    ...plan,
    reasons: [...plan.reasons, { code: 'FORECAST', message }],
    sentence: `${plan.sentence} ${message}`,
  };
};
