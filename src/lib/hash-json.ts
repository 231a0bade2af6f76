// JSON as text that does not depend on the order of keys; the order of arrays counts.
import { createHash } from 'node:crypto';

/** Absent and undefined members are the same. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, member: unknown) =>
    isObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** SHA-256 of the canonical form of a JSON value, as the first `digits` of its 64 hexadecimal ones. */
export const hashJson = (value: unknown, digits: number): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, digits);
