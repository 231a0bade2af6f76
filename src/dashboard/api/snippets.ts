// An action as somebody else would send it: with curl, and with the typed client.
import { API_KEY_HEADER } from '../../contract/limits.ts';

/** The server that a snippet calls. */
export type SnippetServer = {
  /** The URL of its root; ends in `/`. */
  readonly root: string;
  /** Whether it needs no API key. */
  readonly isOpen: boolean;
};

/** One call of the API. */
export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the root of the API: `v1/pools/agents`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The procedure of the typed client: `pools.patch`. */
  readonly procedure: string;
  /** What the procedure is called with. */
  readonly input: unknown;
};

/** For a POSIX shell. */
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The key is never in the snippet: it is taken from the environment. */
export const toCurl = ({ method, path, headers = {}, body }: Call, { root, isOpen }: SnippetServer): string => {
  const lines = [`curl -sS -X ${method} ${quote(new URL(path, root).href)}`];
  if (!isOpen) lines.push(`-H "${API_KEY_HEADER}: $WARMPOOL_API_KEY"`);
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  for (const [name, value] of Object.entries({ ...json, ...headers })) lines.push(`-H ${quote(`${name}: ${value}`)}`);
  if (body !== undefined) lines.push(`-d ${quote(JSON.stringify(body, null, 2))}`);
  return lines.join(' \\\n  ');
};

/** Property names without quotes where TypeScript needs none; strings keep theirs. */
const toLiteral = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => line.replace(/^(\s*)"([A-Za-z_$][\w$]*)":/, '$1$2:'))
    .join('\n');

/** A module that works as it is, with the key in the environment. */
export const toClientCode = ({ method, procedure, input }: Call, { root, isOpen }: SnippetServer): string => {
  const call = method === 'GET' ? 'query' : 'mutate';
  const options = [`url: ${JSON.stringify(root)}`, ...(isOpen ? [] : ['apiKey: process.env.WARMPOOL_API_KEY'])];
  return [
    "import { createWarmpoolClient } from 'warmpool-client';",
    '',
    `const client = createWarmpoolClient({ ${options.join(', ')} });`,
    `await client.${procedure}.${call}(${toLiteral(input)});`,
  ].join('\n');
};
