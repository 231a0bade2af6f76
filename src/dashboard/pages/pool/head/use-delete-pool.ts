// Deletes the pool that somebody saw when the dialog opened. If its specification changes meanwhile, the server
// refuses.
import { useState } from 'react';
import { WarmpoolClientError } from '../../../../client/index.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { client } from '../../../api/client.ts';
import { whenDeleted } from '../../../api/when-live.ts';
import { useAction } from '../../../api/use-action.ts';

export const useDeletePool = (pool: PoolResponse, onDeleted: () => void) => {
  const [seen, setSeen] = useState(pool.etag);
  const { mutate, isPending, error, reset } = useAction({
    mutationFn: async (force: boolean) => {
      await client.pools.delete.mutate({ name: pool.name, ifMatch: seen, ...(force && { force }) });
      await whenDeleted(pool.name);
    },
    onSuccess: onDeleted,
  });
  const code = error instanceof WarmpoolClientError ? error.code : undefined;
  return {
    remove: mutate,
    isPending,
    error,
    ifMatch: seen,
    isInUse: code === 'POOL::IN_USE',
    isConflict: code === 'POOL::VERSION_CONFLICT',
    /** The changed pool is the one to delete. */
    acceptChange: () => {
      setSeen(pool.etag);
      reset();
    },
  };
};
