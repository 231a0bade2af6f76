// What happens to members, for those that depend on it.
import type { DriverMember } from './ports.ts';

export interface MemberListener {
  /** Something changed that the scaling rule depends on. Not for `reserve` and `release`: the controller does not hear itself. */
  changed(poolUid: string): void;
  /** A member has become idle and ready. */
  idle(poolUid: string): void;
  /** The claim's member has ended; the claim still holds it, until `free`, `startRecycling` or `reserve` says otherwise. */
  lost(claimId: string, reason: string): void;
  /** A driver's report. */
  reported(member: DriverMember): void;
  gone(name: string): void;
}
