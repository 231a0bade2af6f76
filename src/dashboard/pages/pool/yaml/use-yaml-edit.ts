// The state of an edit: what was opened, what was typed, and what others stored meanwhile.
import { useMemo, useState } from 'react';
import { WarmpoolClientError } from '../../../../client/index.ts';
import type { PoolResponse } from '../../../../contract/pool.ts';
import { client, noticeError } from '../../../api/client.ts';
import { applyChanges, changesBetween, overlap, rebase, type Change } from '../../../yaml/changes.ts';
import { isDeepEqual } from '../../../yaml/equal.ts';
import { checkUpdate, poolYaml, toYaml, writableOf, type WritablePool } from '../../../yaml/pool-yaml.ts';

/** Somebody stored another version after this edit began. */
export type Conflict = {
  readonly stored: PoolResponse;
  /** What they changed. */
  readonly theirs: readonly Change[];
  /** What this edit changes in what is stored now. */
  readonly mine: readonly Change[];
  /** Those of `mine` that replace something that they changed. */
  readonly overlapping: readonly Change[];
};

export const useYamlEdit = (stored: PoolResponse) => {
  const [base, setBase] = useState(stored);
  /** What `base` has replaced, until the stream has `base`. */
  const [replaced, setReplaced] = useState<PoolResponse>();
  const [text, setText] = useState(() => poolYaml(stored));
  const [isApplying, setApplying] = useState(false);
  const [error, setError] = useState<unknown>();
  const baseText = useMemo(() => poolYaml(base), [base]);
  const checked = useMemo(() => checkUpdate(text), [text]);
  /** The last text that was YAML: an unfinished line does not mean that everything was removed. */
  const [value, setValue] = useState(() => edited(checked.text.value));
  const isReadable = checked.text.problems.length === 0;
  const read = useMemo(() => edited(checked.text.value), [checked]);
  if (isReadable && !isDeepEqual(read, value)) setValue(read);
  const changes = useMemo(() => changesBetween(writableOf(base), value), [base, value]);
  const isChanged = text !== baseText;
  const isBehind = isApplying || isOlder(stored, base, replaced);
  const conflict = useMemo(
    () => (isBehind ? undefined : conflictOf(base, stored, value)),
    [isBehind, base, stored, value],
  );

  const load = (pool: PoolResponse): void => {
    setBase(pool);
    setReplaced(undefined);
    setText(poolYaml(pool));
    setError(undefined);
  };
  // Nothing was typed: show what is stored now.
  if (conflict !== undefined && !isChanged) load(stored);
  if (replaced !== undefined && !isBehind) setReplaced(undefined);

  const reapply = (): void => {
    if (conflict === undefined || !isReadable) return;
    load(stored);
    setText(toYaml(applyChanges(writableOf(stored), conflict.mine) as WritablePool));
  };

  const apply = async (): Promise<void> => {
    if (checked.request === undefined) return;
    setApplying(true);
    setError(undefined);
    try {
      const { name: _, ...body } = checked.request;
      load(await client.pools.update.mutate({ ...body, name: base.name, ifMatch: base.etag }));
      setReplaced(base);
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
    /** Whether the text is YAML. */
    isReadable,
    conflict,
    isOutdated,
    error,
    isApplying,
    /** The stream does not have what was applied last. */
    isBehind,
    apply,
    reapply,
    load,
  };
};

export type YamlEdit = ReturnType<typeof useYamlEdit>;

const edited = (value: unknown): WritablePool =>
  typeof value === 'object' && value !== null ? writableOf(value as Record<string, unknown>) : {};

const conflictOf = (base: PoolResponse, stored: PoolResponse, value: WritablePool): Conflict | undefined => {
  const theirs = changesBetween(writableOf(base), writableOf(stored));
  if (theirs.length === 0 && base.uid === stored.uid) return undefined;
  const mine = rebase(changesBetween(writableOf(base), value), theirs, value);
  return { stored, theirs, mine, overlapping: overlap(mine, theirs) };
};

/** Whether `stored` was read before the write that returned `base`. Labels and annotations have no generation. */
const isOlder = (stored: PoolResponse, base: PoolResponse, replaced: PoolResponse | undefined): boolean => {
  if (stored.uid !== base.uid || isSame(stored, base)) return false;
  if (stored.generation !== base.generation) return stored.generation < base.generation;
  return replaced !== undefined && isSame(stored, replaced);
};

const isSame = (one: PoolResponse, other: PoolResponse): boolean => isDeepEqual(writableOf(one), writableOf(other));
