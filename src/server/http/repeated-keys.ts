// Members that a JSON text gives twice: JSON.parse keeps the last one and drops the others without a word.

type Path = (string | number)[];

/** An object or array whose end has not come yet. */
type Open = { readonly keys: Set<string> | undefined; position: string | number };

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** Paths of repeated members, each once a repetition. `text` is valid JSON. */
export const repeatedKeys = (text: string): Path[] => {
  const found: Path[] = [];
  const open: Open[] = [];
  let word = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    switch (token) {
      case '{':
        open.push({ keys: new Set(), position: '' });
        break;
      case '[':
        open.push({ keys: undefined, position: 0 });
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
        if (inner.keys?.has(key) === true) found.push(open.map(({ position }) => position));
        inner.keys?.add(key);
        break;
      }
      default:
        word = token;
    }
  }
  return found;
};
