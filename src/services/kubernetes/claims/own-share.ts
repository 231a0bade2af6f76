// Divides the members among the servers, so that they rarely try the same one at once. A share is a preference, never a
// right: while servers disagree about who is alive, and when a share is empty, the test of the bind decides.
import type { MemberTable } from '../../controller/member-table.ts';
import type { ServerLeases } from '../leases/server-leases.ts';

/** Keeps the share of the member table up to date with the servers that are alive. */
export const preferOwnShare = (
  members: Pick<MemberTable, 'setShare'>,
  servers: Pick<ServerLeases, 'alive' | 'subscribe'>,
  identity: string,
): void => {
  let known = '';
  servers.subscribe(() => {
    const alive = servers.alive();
    // The callers that wait change more often.
    if (alive.join() === known) return;
    known = alive.join();
    members.setShare(shareOf(alive, identity));
  });
};

/** @param servers In the same order on every server. Returns whether a member is in the share of `identity`. */
export const shareOf = (servers: readonly string[], identity: string): ((name: string) => boolean) => {
  const at = servers.indexOf(identity);
  return (name) => hashOf(name) % servers.length === at;
};

/** FNV-1a, of 32 bits. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
};
