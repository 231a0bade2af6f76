// What differs between two versions of a resource, path by path; applied to a third, that is a merge.
import { isDeepEqual } from './equal.ts';
import type { Path } from './document.ts';

/** `undefined`: absent. */
export type Change = { readonly path: Path; readonly before: unknown; readonly after: unknown };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A key such as `constructor` is not what every object inherits. */
const ownValue = (record: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** Lists are compared item by item if they have the same named items in the same order; others are replaced as a whole. */
export const changesBetween = (before: unknown, after: unknown, path: Path = []): readonly Change[] => {
  if (isDeepEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      changesBetween(ownValue(before, key), ownValue(after, key), [...path, key]),
    );
  if (Array.isArray(before) && Array.isArray(after) && haveSameItems(before, after))
    return before.flatMap((item, index) => changesBetween(item, after[index], [...path, index]));
  return [{ path, before, after }];
};

/** Without names nothing says which item of one list is which of the other: an argument moves when one is inserted. */
const haveSameItems = (before: readonly unknown[], after: readonly unknown[]): boolean => {
  const names = namesOf(before);
  return names.size === before.length && isDeepEqual([...names], after.map(nameOf));
};

const nameOf = (item: unknown): unknown => (isRecord(item) ? ownValue(item, 'name') : undefined);

/** The different names of the items. */
const namesOf = (items: readonly unknown[]): ReadonlySet<unknown> =>
  new Set(items.map(nameOf).filter((name) => typeof name === 'string'));

/** `value` with the changes applied, whatever it had in their places. */
export const applyChanges = (value: unknown, changes: readonly Change[]): unknown =>
  changes.reduce((present, { path, after }) => withValue(present, path, after), value);

const withValue = (value: unknown, [key, ...rest]: Path, after: unknown): unknown => {
  if (key === undefined) return after;
  if (typeof key === 'number' && !isRecord(value)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.toSpliced(key, 1, withValue(items[key], rest, after));
  }
  const fields = new Map(Object.entries(isRecord(value) ? value : {}));
  const name = String(key);
  const changed = withValue(fields.get(name), rest, after);
  if (changed === undefined) fields.delete(name);
  else fields.set(name, changed);
  return Object.fromEntries(fields);
};

/** Whether both change the same value, or one a part of what the other replaces. */
export const overlap = (mine: readonly Change[], theirs: readonly Change[]): readonly Change[] =>
  mine.filter(({ path }) => theirs.some(({ path: other }) => isPrefix(path, other) || isPrefix(other, path)));

/**
 * `mine`, to apply to what the other side has stored. What they replaced or removed as a whole is replaced by all of
 * mine there: a path into a list of theirs could lead to another item. `edited` is what `mine` leads to.
 */
export const rebase = (mine: readonly Change[], theirs: readonly Change[], edited: unknown): readonly Change[] => {
  const isReplaced = ({ path }: Change) => theirs.some((whole) => isPrefix(whole.path, path));
  const wholes = theirs.filter((whole) => mine.some(({ path }) => isPrefix(whole.path, path)));
  return [
    ...mine.filter((change) => !isReplaced(change)),
    ...wholes.map((whole) => ({ ...whole, after: valueAt(edited, whole.path) })),
  ];
};

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((parent, key) => {
    if (Array.isArray(parent)) return parent[Number(key)];
    return isRecord(parent) ? ownValue(parent, String(key)) : undefined;
  }, value);

const isPrefix = (prefix: Path, path: Path): boolean => prefix.every((key, index) => path[index] === key);

/** `template.spec.containers[0].image` */
export const formatPath = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
