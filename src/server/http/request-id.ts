// The name of a request: the caller's own if it is usable, otherwise a new one.
import { randomBytes } from 'node:crypto';

const USABLE = /^[\x21-\x7e]{1,128}$/;

/** 1 to 128 visible ASCII characters as given, trimmed; otherwise 32 hexadecimal digits. */
export const requestIdOf = (given: string | string[] | undefined): string => {
  const trimmed = typeof given === 'string' ? given.trim() : '';
  return USABLE.test(trimmed) ? trimmed : newRequestId();
};

export const newRequestId = (): string => randomBytes(16).toString('hex');
