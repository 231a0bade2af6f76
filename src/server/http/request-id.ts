// The name of a request: the caller's own if it is usable, otherwise a new one.
import { randomUUID } from 'node:crypto';

const USABLE = /^[\x21-\x7e]{1,128}$/;

/** 1 to 128 visible ASCII characters as given, trimmed; otherwise 32 hexadecimal digits. */
export const requestIdOf = (given: string | string[] | undefined): string => {
  const trimmed = typeof given === 'string' ? given.trim() : '';
  return USABLE.test(trimmed) ? trimmed : newRequestId();
};

/** A random UUID without its dashes: Node draws their entropy ahead, which costs a tenth of drawing bytes each time. */
export const newRequestId = (): string => randomUUID().replaceAll('-', '');
