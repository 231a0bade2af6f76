// How two JSON values differ, field by field.
import { isSameJson } from '../../../lib/canonical-json.ts';
import { isJsonObject } from '../../../lib/json.ts';

/** One field that differs. A side that lacks the field is undefined. */
export type Difference = { readonly path: readonly string[]; readonly ours: unknown; readonly theirs: unknown };

/** Each field that differs, or is present on one side only. A schema without `properties` has an empty one. */
export const differences = (ours: unknown, theirs: unknown, path: readonly string[] = []): Difference[] => {
  if (isSameJson(ours, theirs)) return [];
  if (!isJsonObject(ours) || !isJsonObject(theirs)) return [{ path, ours, theirs }];
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...keys].sort().flatMap((key) => {
    const absent = key === 'properties' ? {} : undefined;
    return differences(ours[key] ?? absent, theirs[key] ?? absent, [...path, key]);
  });
};

export const describe = ({ path, ours, theirs }: Difference): string => {
  const where = path.join('.');
  if (theirs === undefined) return `${where} is missing in the cluster`;
  if (ours === undefined) return `${where} is present in the cluster only`;
  return `${where} is ${brief(theirs)} in the cluster, ${brief(ours)} in Warmpool`;
};

const BRIEF_LENGTH = 60;

const brief = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > BRIEF_LENGTH ? `${text.slice(0, BRIEF_LENGTH)}…` : text;
};
