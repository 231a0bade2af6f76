// The typed client, signed in by the session cookie, and what React components read through it.
import { QueryCache, MutationCache, QueryClient } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { createWarmpoolClient, WarmpoolClientError } from '../../client/index.ts';
import { SESSION_HEADER } from '../../contract/limits.ts';
import type { AppRouter } from '../../router/app-router.ts';
import { noticeSignedOut } from './session.ts';
import { SERVER_ROOT } from './urls.ts';

/** The server requires it with every write that the session cookie authenticates: other sites cannot send it. */
const SESSION_HEADERS = { [SESSION_HEADER]: '1' };

export const client = createWarmpoolClient({ url: SERVER_ROOT, headers: SESSION_HEADERS });

/** Whether an error says that nobody is signed in. */
export const isSignedOut = (error: unknown): boolean => error instanceof WarmpoolClientError && error.status === 401;

/** Goes to the sign-in if the error says that nobody is signed in. Queries and mutations of TanStack Query call it. */
export const noticeError = (error: unknown): void => {
  if (isSignedOut(error)) noticeSignedOut();
};

const RETRIES_MAX = 2;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeError }),
  mutationCache: new MutationCache({ onError: noticeError }),
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < RETRIES_MAX && error instanceof WarmpoolClientError && error.isRetryable,
    },
  },
});

/** Whether this runtime does not have what was read: no failure. */
export const isNotSupported = (error: unknown): boolean =>
  error instanceof WarmpoolClientError && error.code === 'RUNTIME::NOT_SUPPORTED';

/** `useQuery(trpc.pools.get.queryOptions({ name }))`, `useMutation(trpc.claims.release.mutationOptions())`. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
