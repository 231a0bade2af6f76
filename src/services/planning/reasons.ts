// A plan's reasons as data, and the sentence made of them.
import type { Reason, ReasonCode } from '../../contract/decision.ts';
import { countOf } from './wording.ts';

/** What a plan does, in numbers. */
export interface PlanFacts {
  /** Which bound set the wanted size. */
  readonly size: Reason;
  /** What held the step back, if anything did. */
  readonly limit: Reason | undefined;
  /** Members that go because they failed, and because recycling or an eviction asks for it. */
  readonly failed: number;
  readonly requested: number;
  /** Idle members of another revision, and how many of them the update takes. */
  readonly stale: number;
  readonly replaced: number;
  /** Idle members by which the pool shrinks. */
  readonly surplus: number;
  readonly create: number;
  /** Members that are starting or ready, and the starting ones among them. */
  readonly scheduled: number;
  readonly starting: number;
}

/** The reasons in the order size, removals, update, then the limit or that the pool is at rest; and their sentence. */
export const explain = (facts: PlanFacts): { reasons: readonly Reason[]; sentence: string } => {
  const { failed, requested, stale, replaced, surplus, create, scheduled, starting } = facts;
  const causes: Reason[] = [facts.size];
  const because = (holds: boolean, code: ReasonCode, message: string) => {
    if (holds) causes.push({ code, message });
  };
  because(failed > 0, 'RemoveFailed', `Removing ${countOf(failed, 'failed member')}.`);
  because(requested > 0, 'RemoveRequested', `Removing ${countOf(requested, 'member')} to recycle or evict.`);
  because(stale > 0, 'RollingOut', `Replacing ${replaced} of ${countOf(stale, 'idle stale member')}.`);

  const steps = [...(surplus > 0 ? [`Removing ${surplus}.`] : []), ...(create > 0 ? [`Creating ${create}.`] : [])];

  const isIdle = failed + requested + replaced + surplus + create === 0;
  const onTheirWay = starting > 0 ? `, ${starting} of them starting` : '';
  const rest: Reason = { code: 'AtRest', message: `Nothing to do: ${countOf(scheduled, 'member')}${onTheirWay}.` };
  const outcome = facts.limit ? [facts.limit] : isIdle ? [rest] : [];

  return {
    reasons: [...causes, ...outcome],
    sentence: [...causes.map(toMessage), ...steps, ...outcome.map(toMessage)].join(' '),
  };
};

const toMessage = ({ message }: Reason) => message;
