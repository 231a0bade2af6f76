// The state of an edit: what was opened, what was typed, and what others stored meanwhile.
import { useMemo, useState } from 'react';
import { WarmpoolClientError } from '../../../../client/index.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { client, noticeError } from '../../../api/client.ts';
import { applyChanges, changesBetween, overlap, type Change } from '../../../yaml/changes.ts';
import { checkUpdate, poolYaml, toYaml, writableOf, type WritablePool } from '../../../yaml/pool-yaml.ts';

/** Somebody stored another version after this edit began. */
export type Conflict = {
  readonly stored: PoolResponse;
  /** What they changed. */
  readonly theirs: readonly Change[];
  /** Changes of this edit to values that they also changed. */
  readonly overlapping: readonly Change[];
};

export const useYamlEdit = (stored: PoolResponse) => {
  const [base, setBase] = useState(stored);
  const [text, setText] = useState(() => poolYaml(stored));
  const [isApplying, setApplying] = useState(false);
  const [error, setError] = useState<unknown>();
  const baseText = useMemo(() => poolYaml(base), [base]);
  const checked = useMemo(() => checkUpdate(text), [text]);
  const changes = useMemo(() => changesBetween(writableOf(base), edited(checked.text.value)), [base, checked]);
  const isChanged = text !== baseText;
  const conflict = useMemo(() => conflictOf(base, stored, changes), [base, stored, changes]);

  const load = (pool: PoolResponse): void => {
    setBase(pool);
    setText(poolYaml(pool));
    setError(undefined);
  };
  // Nothing was typed: show what is stored now.
  if (conflict !== undefined && !isChanged) load(stored);

  const reapply = (): void => {
    setBase(stored);
    setText(toYaml(applyChanges(writableOf(stored), changes) as WritablePool));
    setError(undefined);
  };

  const apply = async (): Promise<void> => {
    if (checked.request === undefined) return;
    setApplying(true);
    setError(undefined);
    try {
      const { name: _, ...body } = checked.request;
      load(await client.pools.update.mutate({ ...body, name: base.name, ifMatch: base.etag }));
    } catch (problem) {
      noticeError(problem);
      setError(problem);
    } finally {
      setApplying(false);
    }
  };

  const isOutdated = error instanceof WarmpoolClientError && error.code === 'POOL::VERSION_CONFLICT';
  return {
    base,
    text,
    setText,
    baseText,
    checked,
    changes,
    isChanged,
    conflict,
    isOutdated,
    error,
    isApplying,
    apply,
    reapply,
    load,
  };
};

export type YamlEdit = ReturnType<typeof useYamlEdit>;

const edited = (value: unknown): WritablePool =>
  typeof value === 'object' && value !== null ? writableOf(value as Record<string, unknown>) : {};

const conflictOf = (base: PoolResponse, stored: PoolResponse, mine: readonly Change[]): Conflict | undefined => {
  const theirs = changesBetween(writableOf(base), writableOf(stored));
  if (theirs.length === 0 && base.uid === stored.uid) return undefined;
  return { stored, theirs, overlapping: overlap(mine, theirs) };
};
