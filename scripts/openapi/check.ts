// Rejects what generators of SDKs misread: `npm run check:openapi`. Each rule comes from clients that did not compile or did not connect.
import { readFileSync } from 'node:fs';

type Node = Readonly<Record<string, unknown>>;
type Rule = { readonly problem: string; readonly applies: (node: Node, path: readonly string[]) => boolean };

const isComponent = ([first, second, ...rest]: readonly string[]) =>
  first === 'components' && second === 'schemas' && rest.length === 1;
const isNull = (schema: unknown) => (schema as Node).type === 'null';

const RULES: readonly Rule[] = [
  {
    problem: 'servers on a path: many generators ignore them; write the path out',
    applies: (node, [first]) => first === 'paths' && 'servers' in node,
  },
  {
    problem: 'pattern together with format: generated validators reject valid values; remove the pattern',
    applies: (node) => typeof node.pattern === 'string' && 'format' in node,
  },
  {
    problem: 'anyOf without null becomes an empty type; use oneOf',
    applies: ({ anyOf }) => Array.isArray(anyOf) && !anyOf.some(isNull),
  },
  {
    problem: 'inline enum: its generated name is arbitrary; give the schema an id',
    applies: (node, path) => Array.isArray(node.enum) && !isComponent(path),
  },
  {
    problem: 'inline object: its generated name is arbitrary; give the schema an id',
    applies: (node, path) => node.type === 'object' && !isComponent(path),
  },
];

/** Examples are data, not schemas. */
const DATA = new Set(['example', 'examples']);

/** Problems of a part of the document, each with its place: `#/components/schemas/Pool: …`. */
export const findProblems = (part: unknown, path: readonly string[] = []): string[] => {
  if (typeof part !== 'object' || part === null) return [];
  const here = RULES.filter(({ applies }) => applies(part as Node, path));
  return [
    ...here.map(({ problem }) => `#/${path.join('/')}: ${problem}`),
    ...Object.entries(part).flatMap(([key, child]) => (DATA.has(key) ? [] : findProblems(child, [...path, key]))),
  ];
};

if (import.meta.main) {
  const file = new URL('../../openapi.generated.json', import.meta.url);
  const problems = findProblems(JSON.parse(readFileSync(file, 'utf8')));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
