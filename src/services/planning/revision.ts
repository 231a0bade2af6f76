// The revision of a template: a hash that does not depend on the order of keys.
import { createHash } from 'node:crypto';

/** JSON without regard to the order of keys; the order of arrays counts. Absent and undefined members are the same. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, member: unknown) =>
    isObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Short hash of a template, a JSON value: 10 hexadecimal digits of the SHA-256 of its canonical form. */
export const templateRevision = (template: unknown): string =>
  createHash('sha256').update(canonicalJson(template)).digest('hex').slice(0, 10);
