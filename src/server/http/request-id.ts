// The id of a request: the client's own if it is usable, otherwise a new one.
import { randomUUID } from 'node:crypto';

const USABLE = /^[\x21-\x7e]{1,128}$/;

/** The given id, trimmed, if it has 1 to 128 visible ASCII characters; otherwise 32 hexadecimal digits. */
export const requestIdOf = (given: string | string[] | undefined): string => {
  const trimmed = typeof given === 'string' ? given.trim() : '';
  return USABLE.test(trimmed) ? trimmed : newRequestId();
};

/** A random UUID without its dashes: Node caches entropy for UUIDs, which costs a tenth of random bytes per call. */
export const newRequestId = (): string => randomUUID().replaceAll('-', '');
