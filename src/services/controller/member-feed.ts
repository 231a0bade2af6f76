// Puts what a driver reports into the member table.
import { follow } from './follow.ts';
import type { MemberTable } from './member-table.ts';
import type { MemberReports } from './ports.ts';

type MemberFeedOptions = {
  readonly reports: MemberReports;
  readonly members: MemberTable;
  /** Receives the uid of a pool whose preparation has changed. */
  readonly onPreparation: (poolUid: string) => void;
  /** Ends the feed. */
  readonly signal: AbortSignal;
};

/** See `follow` for what is returned: `synced` resolves when the members that exist are in the table. */
export const feedMembers = ({ reports, members, onPreparation, signal }: MemberFeedOptions) =>
  follow(reports.watch(signal), (event) => {
    switch (event.type) {
      case 'present':
        members.put(event.member);
        break;
      case 'gone':
        members.remove(event.name);
        break;
      case 'preparation':
        onPreparation(event.poolUid);
        break;
      case 'synced':
        break;
    }
  });
