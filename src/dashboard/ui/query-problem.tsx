// The query of a panel: its data, or why there is none.
import type { UseQueryResult } from '@tanstack/react-query';
import { isNotSupported } from '../api/client.ts';
import { ErrorNotice } from './error-notice.tsx';

type QueryProblemProps = {
  /** What could not be read: `The claims`. */
  readonly what: string;
  readonly query: Pick<UseQueryResult, 'error' | 'refetch'>;
};

/** Shown while there is no data. What the runtime does not have is no failure: one calm line. */
export const QueryProblem = ({ what, query: { error, refetch } }: QueryProblemProps) => {
  if (error === null) return null;
  if (isNotSupported(error)) return <p className="t3 not-supported">{error.message}</p>;
  return <ErrorNotice title={`${what} could not be read.`} error={error} retry={() => void refetch()} />;
};
