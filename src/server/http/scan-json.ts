// What JSON.parse accepts and later code loses or overflows on: repeated fields, fields named `__proto__`, deep nesting.
import type { Violation } from '../../contract/errors.ts';
import { JSON_MAX_DEPTH, VIOLATIONS_MAX } from '../../contract/limits.ts';
import { WarmpoolError } from '../../services/warmpool-error.ts';

/** An object or array that has not ended yet, and the position in it. */
type Open = { readonly keys: Set<string> | undefined; position: string | number };

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** Fields of `text`, which is valid JSON, that would be lost: as many as an error lists, and one more. Throws REQUEST::MALFORMED when it nests too deep. */
export const lostFields = (text: string): Violation[] => {
  const found: Violation[] = [];
  const open: Open[] = [];
  const refuse = (message: string) => {
    if (found.length <= VIOLATIONS_MAX) found.push({ path: open.map(({ position }) => position), message });
  };
  let word = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    switch (token) {
      case '{':
      case '[':
        if (open.length === JSON_MAX_DEPTH)
          throw new WarmpoolError(
            'REQUEST::MALFORMED',
            `The JSON nests objects and arrays deeper than ${JSON_MAX_DEPTH} levels.`,
          );
        open.push(token === '{' ? { keys: new Set(), position: '' } : { keys: undefined, position: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        if (typeof inner?.position === 'number') inner.position += 1;
        break;
      case ':': {
        // Outside of a string a colon follows a key and nothing else.
        if (inner === undefined) break;
        const key = JSON.parse(word) as string;
        inner.position = key;
        if (key === '__proto__') refuse('is not a valid field name');
        if (inner.keys?.has(key) === true) refuse('must not be repeated');
        inner.keys?.add(key);
        break;
      }
      default:
        word = token;
    }
  }
  return found;
};
