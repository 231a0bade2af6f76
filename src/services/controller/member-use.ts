// Who uses a member, and how it looks to everybody else because of that.
import type { MemberPhase } from '../../contract/member.ts';
import type { DriverMember, ReportedUse } from './ports.ts';

/** What was decided about a member. Without one it is idle: in the buffer as soon as it is ready. */
export type Use =
  /** A claim holds it. Or its claim has ended; nobody gets it until its recycling is complete. One that is to be removed is terminating. */
  | Exclude<ReportedUse, { by: 'nobody' }>
  /** Its driver is being asked to stop it: terminating, before the driver reports it so. */
  | { readonly by: 'removal'; readonly before: Use | undefined };

/** A member as its driver last reported it, with what was decided about it since. */
export type TableMember = DriverMember & {
  /** Whether a claim holds it. */
  readonly allocated: boolean;
  readonly claimId?: string;
  /** Whether its claim has ended and its recycling is not complete: it is `starting`, without a start deadline. */
  readonly isRecycling: boolean;
};

/** What is decided about a member after a report. */
export const useAfter = ({ phase, use: reported }: DriverMember, use: Use | undefined): Use | undefined => {
  const isStopping = use?.by === 'removal';
  // Once the driver has begun to stop it, its reports apply.
  if (reported === undefined) return isStopping && phase === 'terminating' ? use.before : use;
  const now = reported.by === 'nobody' ? undefined : reported;
  // The order to stop it is on its way. It fails if a claim was first.
  return isStopping && phase !== 'terminating' && now?.by !== 'claim' ? { by: 'removal', before: now } : now;
};

export const toSeen = (report: DriverMember, use: Use | undefined): TableMember => {
  const isRecycling = use?.by === 'recycling';
  return {
    ...report,
    phase: phaseOf(report, use),
    allocated: use?.by === 'claim',
    ...(use?.by === 'claim' && { claimId: use.claimId }),
    isRecycling,
  };
};

const phaseOf = ({ phase }: DriverMember, use: Use | undefined): MemberPhase => {
  if (use?.by === 'removal' || (use?.by === 'recycling' && use.isRemoval)) return 'terminating';
  return use?.by === 'recycling' && phase !== 'terminating' ? 'starting' : phase;
};
