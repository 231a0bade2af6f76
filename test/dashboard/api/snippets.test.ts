import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { API_KEY_HEADER } from '../../../src/contract/limits.ts';
import { toClientCode, toCurl, type Call } from '../../../src/dashboard/api/snippets.ts';

const SERVER = { root: 'https://example.org/warmpool/', isOpen: false };
const OPEN = { ...SERVER, isOpen: true };
const KEY = 'k e"y';

const PATCH: Call = {
  method: 'PATCH',
  path: 'v1/pools/agents',
  headers: { 'If-Match': '"abc"' },
  body: { capacitySpec: { poolMax: 80 } },
  procedure: 'pools.patch',
  input: { name: 'agents', capacitySpec: { poolMax: 80 }, ifMatch: '"abc"' },
};

/** The arguments that a POSIX shell gives to curl. */
const argumentsOf = (snippet: string): readonly string[] => {
  const script = `curl() { printf '%s\\0' "$@"; }\n${snippet}`;
  const env = { WARMPOOL_API_KEY: KEY };
  return execFileSync('/bin/sh', ['-c', script], { env, encoding: 'utf8' }).split('\0').slice(0, -1);
};

/** What the code calls the client with. */
const callsOf = async (code: string): Promise<unknown> => {
  const [importLine, ...rest] = code.split('\n');
  expect(importLine).toBe("import { createWarmpoolClient } from 'warmpool-client';");
  const calls: unknown[] = [];
  const recorder = (path: readonly string[]): unknown =>
    new Proxy(() => undefined, {
      get: (_, name) => recorder([...path, String(name)]),
      apply: (_, __, [input]: unknown[]) => calls.push({ path: path.join('.'), input }),
    });
  const createWarmpoolClient = (options: unknown) => {
    calls.push(options);
    return recorder([]);
  };
  const process = { env: { WARMPOOL_API_KEY: KEY } };
  await runInNewContext(`(async () => {${rest.join('\n')}})()`, { createWarmpoolClient, process });
  return calls;
};

/** Names and values with quotes, apostrophes, dollars, line breaks and letters of any script. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom("it's", '$HOME `id` $(id)', '"', '\\', "'\\''", '!!', 'a\nb', 'ü 🙂 漢', '%s'),
);
const body = fc.dictionary(
  text.filter((name) => name !== '__proto__'),
  fc.oneof(text, fc.array(text), fc.dictionary(fc.stringMatching(/^[a-z$_]\w*$/), text, { noNullPrototype: true })),
  { noNullPrototype: true },
);

describe('An action as curl', () => {
  test('The line sends the method, the key from the environment, the headers and the body.', () => {
    expect(argumentsOf(toCurl(PATCH, SERVER))).toEqual([
      '-sS',
      '-X',
      'PATCH',
      'https://example.org/warmpool/v1/pools/agents',
      '-H',
      `${API_KEY_HEADER}: ${KEY}`,
      '-H',
      'Content-Type: application/json',
      '-H',
      'If-Match: "abc"',
      '-d',
      JSON.stringify(PATCH.body, null, 2),
    ]);
  });

  test('A header of the call takes precedence over the type of its body.', () => {
    const call = { ...PATCH, headers: { 'Content-Type': 'application/merge-patch+json' } };
    const types = argumentsOf(toCurl(call, SERVER)).filter((argument) => argument.startsWith('Content-Type'));
    expect(types).toEqual(['Content-Type: application/merge-patch+json']);
  });

  test('An open server gets no key, and a call without a body has no type.', () => {
    const call: Call = { method: 'DELETE', path: 'v1/claims/c1', procedure: 'claims.release', input: { id: 'c1' } };
    expect(argumentsOf(toCurl(call, OPEN))).toEqual([
      '-sS',
      '-X',
      'DELETE',
      'https://example.org/warmpool/v1/claims/c1',
    ]);
  });

  test('A shell hands over any body and header unchanged.', () => {
    fc.assert(
      fc.property(body, fc.constantFrom("a'b", '$(id)', '"x"'), (value, header) => {
        const found = argumentsOf(toCurl({ ...PATCH, body: value, headers: { 'X-Test': header } }, SERVER));
        expect(found.at(-1)).toBe(JSON.stringify(value, null, 2));
        expect(found.at(-3)).toBe(`X-Test: ${header}`);
      }),
      { numRuns: 60 },
    );
  });
});

describe('An action as code of the client', () => {
  test('The code is short where names need no quotes.', () => {
    expect(toClientCode({ ...PATCH, input: { name: 'agents', labels: { 'a-b': 'c' } } }, OPEN)).toBe(
      [
        "import { createWarmpoolClient } from 'warmpool-client';",
        '',
        'const client = createWarmpoolClient({ url: "https://example.org/warmpool/" });',
        'await client.pools.patch.mutate({',
        '  name: "agents",',
        '  labels: {',
        '    "a-b": "c"',
        '  }',
        '});',
      ].join('\n'),
    );
  });

  test('A read is a query, and the key comes from the environment.', async () => {
    const code = toClientCode({ ...PATCH, method: 'GET', procedure: 'pools.get', input: { name: 'a' } }, SERVER);
    expect(await callsOf(code)).toEqual([
      { url: SERVER.root, apiKey: KEY },
      { path: 'pools.get.query', input: { name: 'a' } },
    ]);
  });

  test('The code calls the procedure with any input unchanged.', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (input) => {
        const calls = await callsOf(toClientCode({ ...PATCH, input }, OPEN));
        expect(calls).toEqual([{ url: SERVER.root }, { path: 'pools.patch.mutate', input }]);
      }),
    );
  });
});
