// The members of a pool; read again by `useRefresh`.
import { useQuery } from '@tanstack/react-query';
import type { Member } from '../../../contract/member.ts';
import { trpc } from '../../api/client.ts';

/** Undefined until they are known, and where they may not be read. */
export const useMembers = (name: string): readonly Member[] | undefined =>
  useQuery(trpc.pools.members.queryOptions({ name }, { retry: false })).data?.items;
