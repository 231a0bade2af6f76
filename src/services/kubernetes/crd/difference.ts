// How two JSON values differ, as one line for each path.
import { isSameJson } from '../../../lib/canonical-json.ts';
import { isJsonObject } from '../../../lib/json.ts';

/** One line for each field that differs, or is present on one side only. */
export const differences = (ours: unknown, theirs: unknown, path: string): string[] => {
  if (isSameJson(ours, theirs)) return [];
  if (!isJsonObject(ours) || !isJsonObject(theirs)) return [describe(ours, theirs, path)];
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...keys].sort().flatMap((key) => differences(ours[key], theirs[key], `${path}.${key}`));
};

const describe = (ours: unknown, theirs: unknown, path: string): string => {
  if (theirs === undefined) return `${path} is missing in the cluster`;
  if (ours === undefined) return `${path} is present in the cluster only`;
  return `${path} is ${brief(theirs)} in the cluster, ${brief(ours)} in Warmpool`;
};

const BRIEF_LENGTH = 60;

const brief = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > BRIEF_LENGTH ? `${text.slice(0, BRIEF_LENGTH)}…` : text;
};
