// Hashes of JSON that do not depend on the order of keys; the order of array elements matters.
import { createHash } from 'node:crypto';
import { isJsonObject } from './json.ts';

/** Absent and undefined fields are the same. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, field: unknown) =>
    isJsonObject(field) ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1))) : field,
  );

/** SHA-256 of the canonical form of a JSON value: the first `digits` of its 64 hexadecimal digits. */
export const hashJson = (value: unknown, digits: number): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, digits);
