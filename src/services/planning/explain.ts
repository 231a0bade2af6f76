// The reasons of a plan: codes that are cheap to compare, and sentences that are written only when they are read.
import type { PoolPlan, Reason, ReasonCode } from '../../contract/decision.ts';
import { rfc3339 } from '../../lib/clock.ts';
import type { Plan, Removal } from './decide.ts';
import type { ObservedMember } from './observed-pool.ts';
import type { StepLimit } from './step-limit.ts';
import { agree, countOf } from './wording.ts';

/** Codes of the bound that set the size, of removals, and of the limit or that there is nothing to do, in this order. */
export const reasonCodes = (plan: Plan): ReasonCode[] => [
  isRaised(plan) ? 'PoolMin' : plan.bound,
  ...when<ReasonCode>(removedAs(plan, 'failed') > 0, 'RemoveFailed'),
  ...when<ReasonCode>(removedAs(plan, 'requested') > 0, 'RemoveRequested'),
  ...when<ReasonCode>(plan.stale > 0, 'RollingOut'),
  ...(plan.limit ? [plan.limit.code] : when<ReasonCode>(!doesSomething(plan), 'AtRest')),
];

/** Whether a plan is kept as a decision: it does something, or its reason codes are not those of the last one kept. */
export const isWorthRecording = (plan: Plan, previousCodes: readonly string[] = []): boolean =>
  doesSomething(plan) || reasonCodes(plan).join() !== previousCodes.join();

/** The reasons of a plan as data and as a text: the desired size, what is done, and what limits it. */
export const explain = (plan: Plan): { reasons: Reason[]; sentence: string } => {
  const { create, stale, limit, observed } = plan;
  const surplus = removedAs(plan, 'shrink');
  const steps: Partial<Record<ReasonCode, string>> = {
    RemoveFailed: `removing ${countOf(removedAs(plan, 'failed'), 'failed member')}`,
    RemoveRequested: `removing ${countOf(removedAs(plan, 'requested'), 'member')} to recycle or evict`,
    RollingOut: `replacing ${removedAs(plan, 'update')} of ${countOf(stale, 'stale member')}`,
  };
  const size = sizeMessage(plan);
  const outcome = limit ? limitMessage(limit) : 'Nothing to do.';
  const reasons = reasonCodes(plan).map((code, index) => {
    const step = steps[code];
    return { code, message: index === 0 ? size : step === undefined ? outcome : `${capitalized(step)}.` };
  });
  const actions = [
    ...reasons.flatMap(({ code }) => steps[code] ?? []),
    ...when(surplus > 0, `removing ${surplus}`),
    ...when(create > 0, `creating ${create}`),
  ];
  const has = observed.allocated + observed.available + observed.starting;
  const sentences = [
    size,
    ...when(actions.length > 0, `Has ${has}, ${actions.join(', ')}.`),
    ...when(limit !== undefined || !doesSomething(plan), outcome),
  ];
  return { reasons, sentence: sentences.join(' ') };
};

/** A plan in the contract's terms, as dry runs return it. */
export const toPoolPlan = (plan: Plan): PoolPlan => ({
  observed: plan.observed,
  desired: plan.desired,
  create: plan.create,
  remove: plan.remove.map(({ name }) => name),
  ...explain(plan),
});

/** The plan for a pool that is deleted: every member that is not terminating is removed. */
export const planDeletion = (members: readonly Pick<ObservedMember, 'name' | 'phase'>[]): PoolPlan => {
  const removed = members.filter(({ phase }) => phase !== 'terminating');
  const message = `The pool is deleted: removing ${countOf(removed.length, 'member')}.`;
  return {
    desired: 0,
    create: 0,
    remove: removed.map(({ name }) => name).sort(),
    reasons: [{ code: 'PoolDeleted', message }],
    sentence: message,
  };
};

const BOUND_NAMES = { BufferMin: 'bufferMin', BufferMax: 'bufferMax' } as const;

const sizeMessage = (plan: Plan): string => {
  const { desired, buffer, bound, capacity, observed } = plan;
  const because = bound === 'WithinBuffer' ? `within ${capacity.bufferMin}–${capacity.bufferMax}` : BOUND_NAMES[bound];
  const parts = [
    ...when(observed.allocated > 0, `${observed.allocated} allocated`),
    ...when(observed.unmet > 0, `${observed.unmet} waiting`),
    `buffer ${buffer} (${because})`,
    ...when(isRaised(plan), `raised to poolMin ${capacity.poolMin}`),
  ];
  return `Wants ${desired}: ${parts.join(', ')}.`;
};

const AT_MOST = {
  start: { verb: 'start', strategy: 'scaleStrategy' },
  update: { verb: 'be replaced', strategy: 'updateStrategy' },
  shrink: { verb: 'be removed', strategy: 'scaleStrategy' },
} as const;

const limitMessage = (limit: StepLimit): string => {
  switch (limit.code) {
    case 'BackingOff':
      return `Starts keep failing: next try at ${rfc3339(limit.untilMs).slice(11, 19)}.`;
    case 'PullingImage':
      return 'Members start when their image has been pulled.';
    case 'PoolMax': {
      const terminating = limit.terminating > 0 ? `, ${limit.terminating} terminating` : '';
      return `Held at poolMax ${limit.poolMax}: ${limit.existing} ${agree(limit.existing, 'exists', 'exist')}${terminating}.`;
    }
    case 'WaitingForStarts':
      return `Waiting for ${countOf(limit.starting, 'member')} to start.`;
    case 'MaxUnavailable': {
      const { verb, strategy } = AT_MOST[limit.of];
      return `At most ${limit.count} may ${verb} at once (${strategy}.maxUnavailable).`;
    }
  }
};

const removedAs = ({ remove }: Plan, cause: Removal['because']) =>
  remove.filter(({ because }) => because === cause).length;

const doesSomething = ({ create, remove }: Plan) => create > 0 || remove.length > 0;

/** Whether poolMin asks for more than claims and buffer do. */
const isRaised = ({ desired, buffer, observed: { allocated, unmet } }: Plan) => desired > allocated + unmet + buffer;

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const when = <Item>(isDue: boolean, item: Item): Item[] => (isDue ? [item] : []);
