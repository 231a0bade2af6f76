// What somebody on call can do about the state of a pool: from the reasons of its conditions and of the plan of now.
import type { Condition } from '../../contract/conditions.ts';
import type { PoolPlan, ReasonCode } from '../../contract/decision.ts';
import type { PoolResponse } from '../../contract/pool.ts';
import { formatCount, formatSeconds } from '../ui/format.ts';
import { conditionOf } from './pool-state.ts';

export type AdviceLink =
  | { readonly kind: 'raisePoolMax'; readonly word: string; readonly to: number }
  | { readonly kind: 'oldestClaims' | 'editTemplate'; readonly word: string };

export type Advice = { readonly text: string; readonly links: readonly AdviceLink[] };

export type Situation = {
  readonly pool: PoolResponse;
  /** Of an empty change; undefined until it is known. */
  readonly plan: PoolPlan | undefined;
  /** Members that are starting. */
  readonly starting: number;
  /** How long a member of this pool usually takes to start, in milliseconds; undefined if none has. */
  readonly startMs: number | undefined;
  /** Live claims that are older than OLD_CLAIM_MS; undefined if unknown. */
  readonly oldClaims: number | undefined;
};

/** From this age on, a claim is one to ask about. */
export const OLD_CLAIM_MS = 5 * 60_000;

const OLDEST_CLAIMS: AdviceLink = { kind: 'oldestClaims', word: 'Oldest claims' };
const EDIT_TEMPLATE: AdviceLink = { kind: 'editTemplate', word: 'Edit template' };
const EDIT_YAML: AdviceLink = { kind: 'editTemplate', word: 'Edit YAML' };

/** Undefined where nothing has to be done and nothing is under way. */
export const whatToDo = (situation: Situation): Advice | undefined => {
  const { pool, plan } = situation;
  if (pool.deletingSince !== undefined)
    return {
      text: 'nothing. The pool is gone once its members have stopped and its finalizers are removed.',
      links: [],
    };
  if (conditionOf(pool, 'Unreadable')?.status === 'True')
    return { text: 'correct the invalid fields of the stored resource.', links: [EDIT_YAML] };
  const degraded = conditionOf(pool, 'Degraded');
  if (degraded?.status === 'True') return whenDegraded(degraded);
  if (conditionOf(pool, 'Ready')?.reason === 'NotReconciled')
    return {
      text: 'check that a controller for pools is running and manages this pool: none has acted on it.',
      links: [],
    };
  if (conditionOf(pool, 'ScalingLimited')?.status === 'True' || hasReason(plan, 'PoolMax')) return atPoolMax(situation);
  return underWay(situation);
};

const whenDegraded = ({ reason }: Condition): Advice => {
  switch (reason) {
    case 'ForeignController':
      return { text: 'stop the other controller of pools, or leave this pool to it.', links: [] };
    case 'StuckTerminating':
      return { text: 'find out why members do not end: check their finalizers and their nodes.', links: [] };
    case 'ForeignPods':
      return { text: 'delete the pods that are not members, as the condition says.', links: [] };
    default:
      return { text: 'correct the template. A new template is tried at once.', links: [EDIT_TEMPLATE] };
  }
};

/** The action that helps most, where no more is known than the pool and perhaps its plan; undefined if none helps. */
export const firstAction = (pool: PoolResponse, plan: PoolPlan | undefined): AdviceLink | undefined =>
  whatToDo({ pool, plan, starting: 0, startMs: undefined, oldClaims: undefined })?.links[0];

const hasReason = (plan: PoolPlan | undefined, code: ReasonCode): boolean =>
  plan?.reasons.some((reason) => reason.code === code) ?? false;

const atPoolMax = ({ pool, plan, oldClaims }: Situation): Advice => {
  const { allocated = 0 } = pool.status ?? {};
  const desired = plan?.desired ?? pool.capacitySpec.poolMax + 1;
  if (desired <= pool.capacitySpec.poolMax)
    return { text: 'nothing. Members that are terminating leave room in a moment.', links: [] };
  const raise: AdviceLink = { kind: 'raisePoolMax', word: 'Raise poolMax', to: desired };
  const text = `raise poolMax to ${formatCount(desired)} or more`;
  if (allocated === 0) return { text: `${text}.`, links: [raise] };
  const old = oldClaims ? `: ${formatCount(oldClaims)} of ${formatCount(allocated)} are older than 5 min` : '';
  return { text: `${text}, or release claims${old}.`, links: [raise, OLDEST_CLAIMS] };
};

/** The pool is on its way without anybody's help. */
const underWay = ({ pool, plan, starting, startMs }: Situation): Advice | undefined => {
  const started = startMs === undefined ? '' : `, usually ready in ${formatSeconds(startMs)}`;
  const coming = starting > 0 ? `${starting} ${starting === 1 ? 'is' : 'are'} starting${started}` : '';
  if (hasReason(plan, 'BackingOff'))
    return { text: 'correct the template if its members cannot start.', links: [EDIT_TEMPLATE] };
  const reason = conditionOf(pool, 'Progressing')?.reason;
  if (reason === 'PullingImage' || hasReason(plan, 'PullingImage'))
    return nothing('Members start when their image has been pulled');
  if (reason === 'RollingOut')
    return nothing('Stale members are replaced step by step, allocated ones after their claims');
  if (reason === 'Shrinking') return nothing('Members that are not needed are stopped');
  if (coming !== '') return nothing(coming);
  if (reason === 'Growing') return nothing('Members are about to start');
  return undefined;
};

const nothing = (why: string): Advice => ({ text: `nothing. ${why}.`, links: [] });
