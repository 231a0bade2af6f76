// The newest decisions of a pool; read again by `useRefresh`.
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../api/client.ts';

const LIMIT = 100;

export const useRecentDecisions = (name: string) =>
  useQuery(trpc.pools.decisions.queryOptions({ name, limit: LIMIT }, { retry: false }));
