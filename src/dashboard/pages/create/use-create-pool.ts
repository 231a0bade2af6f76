// The state of a new pool: one draft, shown as a form or as YAML, checked by the contract and the server.
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { WarmpoolClientError } from '../../../client/index.ts';
import type { PoolResponse } from '../../../contract/pool.ts';
import { client } from '../../api/client.ts';
import { poolPath } from '../../pool/pool-paths.ts';
import { checkCreate, toYaml } from '../../yaml/pool-yaml.ts';
import { formatPath } from '../../yaml/changes.ts';
import { NEW_POOL, type PoolDraft } from './pool-draft.ts';
import { useAction } from '../../api/use-action.ts';

export type Mode = 'form' | 'yaml';

const DEBOUNCE_MS = 400;

/** Sent with the create and with every repetition of it, so that the pool is created once. Another text is another request. */
const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const useCreatePool = () => {
  const [, navigate] = useLocation();
  const [mode, setMode] = useState<Mode>('form');
  const [text, setText] = useState(() => toYaml(NEW_POOL));
  const idempotencyKey = useMemo(newKey, [text]);
  const checked = useMemo(() => checkCreate(text), [text]);
  const draft = (
    typeof checked.text.value === 'object' && checked.text.value !== null ? checked.text.value : {}
  ) as PoolDraft;
  const setDraft = (next: PoolDraft): void => {
    setText(toYaml(next));
  };

  const [request] = useDebouncedValue(checked.request, DEBOUNCE_MS);
  const plan = useQuery<PoolResponse>({
    queryKey: ['create plan', request],
    queryFn: ({ signal }) => {
      if (request === undefined) throw new Error('The pool has problems.');
      return client.pools.create.mutate({ ...request, dryRun: true }, { signal });
    },
    placeholderData: keepPreviousData,
    enabled: request !== undefined,
    retry: false,
    gcTime: 10_000,
  });
  const isCurrent = request !== undefined && request === checked.request && !plan.isPlaceholderData && !plan.isPending;
  const refused = isCurrent && plan.error instanceof WarmpoolClientError ? plan.error : undefined;
  const problems = useMemo(
    () => [
      ...checked.problems,
      ...(refused?.violations ?? []).map(({ path, message }) => ({ ...checked.text.locate(path), path, message })),
    ],
    [checked, refused],
  );

  const create = useAction({
    mutationFn: async () => {
      if (checked.request === undefined) throw new Error('The pool has problems.');
      return client.pools.create.mutate({ ...checked.request, idempotencyKey });
    },
    onSuccess: ({ name }) => {
      navigate(poolPath(name));
    },
  });

  return {
    mode,
    setMode,
    text,
    setText,
    draft,
    setDraft,
    /** The first message for each path. */
    problemAt: (path: string): string | undefined =>
      problems.find((problem) => formatPath(problem.path) === path)?.message,
    problems,
    request: checked.request,
    isYaml: checked.text.value !== undefined,
    plan: plan.data,
    isCurrent,
    /** What the server refuses beyond violations: the name is taken, for instance. */
    refusal: refused?.violations.length === 0 ? refused : undefined,
    create,
  };
};

export type CreatePoolState = ReturnType<typeof useCreatePool>;
