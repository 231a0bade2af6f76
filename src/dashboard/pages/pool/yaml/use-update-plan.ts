// The dry run of an edit: what the scaling rule would do, and what only the server finds wrong.
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { WarmpoolClientError } from '../../../../client/index.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { client } from '../../../api/client.ts';
import type { YamlProblem } from '../../../yaml/document.ts';
import type { YamlEdit } from './use-yaml-edit.ts';

const DEBOUNCE_MS = 400;

export const useUpdatePlan = ({ base, checked, isChanged }: YamlEdit) => {
  const [request] = useDebouncedValue(checked.request, DEBOUNCE_MS);
  const query = useQuery<PoolResponse>({
    queryKey: ['update plan', base.uid, base.etag, request],
    queryFn: ({ signal }) => {
      if (request === undefined) throw new Error('The text has problems.');
      return client.pools.update.mutate({ ...request, name: base.name, dryRun: true }, { signal });
    },
    placeholderData: keepPreviousData,
    enabled: request !== undefined && isChanged,
    retry: false,
    gcTime: 10_000,
  });
  const isCurrent = request !== undefined && request === checked.request && !query.isPlaceholderData;
  const refused = query.error instanceof WarmpoolClientError && isCurrent ? query.error : undefined;
  const problems = useMemo(
    (): readonly YamlProblem[] =>
      (refused?.violations ?? []).map(({ path, message }) => ({ ...checked.text.locate(path), path, message })),
    [refused, checked],
  );
  return {
    plan: query.data,
    at: query.dataUpdatedAt,
    isCurrent,
    problems,
    error: problems.length > 0 ? null : query.error,
  };
};
