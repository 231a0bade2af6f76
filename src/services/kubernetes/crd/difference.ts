// How one JSON value differs from another, as paths for people.
import { isDeepStrictEqual } from 'node:util';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One line for each member that differs, is missing in `theirs`, or is there beside `ours`. */
export const differences = (ours: unknown, theirs: unknown, path: string): string[] => {
  if (isDeepStrictEqual(ours, theirs)) return [];
  if (!isObject(ours) || !isObject(theirs)) return [describe(ours, theirs, path)];
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...keys].sort().flatMap((key) => differences(ours[key], theirs[key], `${path}.${key}`));
};

const describe = (ours: unknown, theirs: unknown, path: string): string => {
  if (theirs === undefined) return `${path} is missing there`;
  if (ours === undefined) return `${path} is there only`;
  return `${path} is ${brief(theirs)} there, ${brief(ours)} here`;
};

const BRIEF_LENGTH = 60;

const brief = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > BRIEF_LENGTH ? `${text.slice(0, BRIEF_LENGTH)}…` : text;
};
