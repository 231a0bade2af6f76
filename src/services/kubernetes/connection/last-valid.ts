// Values that may change while the server runs, such as the files that a kubeconfig names.
import { isDeepStrictEqual } from 'node:util';

/**
 * Returns a function that reads again at every call. It returns the same object until the value changes, and the last valid
 * one while reading or checking fails: a file may be missing, or half of a pair replaced. Throws if the first value is not valid.
 */
export const lastValid = <Value>(read: () => Value, check: (value: Value) => unknown): (() => Value) => {
  let last = read();
  check(last);
  return () => {
    try {
      const next = read();
      if (isDeepStrictEqual(next, last)) return last;
      check(next);
      last = next;
    } catch {
      // The last valid value stays.
    }
    return last;
  };
};
