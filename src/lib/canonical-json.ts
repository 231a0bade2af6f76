// JSON values compared and hashed by their text: the order of keys does not matter, that of arrays does, and -0 is 0.
import { createHash } from 'node:crypto';
import { isJsonObject } from './json.ts';

/** Absent and undefined fields are the same. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, field: unknown) =>
    isJsonObject(field) ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1))) : field,
  );

export const isSameJson = (one: unknown, other: unknown): boolean =>
  one === other || canonicalJson(one) === canonicalJson(other);

/** The first `digits` hexadecimal digits of the SHA-256 of a JSON value. */
export const hashJson = (value: unknown, digits: number): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, digits);
