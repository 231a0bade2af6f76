// An action as somebody else would send it: with curl, and with the typed client.
import { API_KEY_HEADER } from '../../contract/limits.ts';
import { session } from './session.ts';
import { SERVER_ROOT } from './urls.ts';

/** One call of the API. */
export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the root of the API: `v1/pools/agents`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The procedure of the typed client: `pools.patch`. */
  readonly procedure: string;
  readonly input: unknown;
};

/** For a POSIX shell. */
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The key is never in the snippet: it is taken from the environment. */
export const toCurl = ({ method, path, headers = {}, body }: Call): string => {
  const lines = [`curl -sS -X ${method} ${quote(new URL(path, SERVER_ROOT).href)}`];
  if (session.get()?.access !== 'open') lines.push(`-H "${API_KEY_HEADER}: $WARMPOOL_API_KEY"`);
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

export const toClientCode = ({ method, procedure, input }: Call): string => {
  const isOpen = session.get()?.access === 'open';
  const call = method === 'GET' ? 'query' : 'mutate';
  const options = [
    `url: ${JSON.stringify(SERVER_ROOT.href)}`,
    ...(isOpen ? [] : ['apiKey: process.env.WARMPOOL_API_KEY']),
  ];
  return [
    "import { createWarmpoolClient } from 'warmpool-client';",
    '',
    `const client = createWarmpoolClient({ ${options.join(', ')} });`,
    `await client.${procedure}.${call}(${toLiteral(input)});`,
  ].join('\n');
};
