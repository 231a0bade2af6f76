// What the deletion of a pool does to its members.
import type { PoolStatus } from '../../../../contract/pool.ts';
import { formatCount } from '../../../ui/format.ts';

const members = (count: number): string => `${formatCount(count)} ${count === 1 ? 'member' : 'members'}`;

export const describeDeletion = (status: PoolStatus | undefined): string => {
  const { total = 0, allocated = 0 } = status ?? {};
  if (total === 0) return 'The pool has no members. Its decisions and its history are deleted with it.';
  const stopped = `Its ${members(total)} ${total === 1 ? 'is' : 'are'} stopped, and its decisions and its history are deleted.`;
  if (allocated === 0) return `${stopped} None of its members is allocated.`;
  const held = `${members(allocated)} ${allocated === 1 ? 'is' : 'are'} allocated`;
  return `${stopped} ${held}: the server refuses to delete the pool until they are released, unless it is forced to.`;
};
