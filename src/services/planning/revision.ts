// The revision of a template: a hash that does not depend on the order of keys.
import { hashJson } from '../../lib/hash-json.ts';

/** Short hash of a template, a JSON value: 10 hexadecimal digits of the SHA-256 of its canonical form. */
export const templateRevision = (template: unknown): string => hashJson(template, 10);
