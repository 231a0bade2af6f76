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

/** Lists of one length are compared item by item; others are replaced as a whole. */
export const changesBetween = (before: unknown, after: unknown, path: Path = []): readonly Change[] => {
  if (isDeepEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      changesBetween(ownValue(before, key), ownValue(after, key), [...path, key]),
    );
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item, index) => changesBetween(item, after[index], [...path, index]));
  return [{ path, before, after }];
};

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

const isPrefix = (prefix: Path, path: Path): boolean => prefix.every((key, index) => path[index] === key);

/** `template.spec.containers[0].image` */
export const formatPath = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
