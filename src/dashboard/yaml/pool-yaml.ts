// A pool as YAML: what can be written of it, and the text back as a request.
import { stringify } from 'yaml';
import type { z } from 'zod';
import { CreatePool, UpdatePool, type PoolResponse } from '../../contract/pool.ts';
import { toViolations } from '../../contract/violations.ts';
import { readYaml, type YamlProblem, type YamlText } from './document.ts';

/** The writable fields of a pool, in this order. */
const WRITABLE = [
  'name',
  'labels',
  'annotations',
  'template',
  'capacitySpec',
  'scaleStrategy',
  'updateStrategy',
  'recycleStrategy',
] as const;

export type WritablePool = Readonly<Partial<Record<(typeof WRITABLE)[number], unknown>>>;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** The fields of a pool that a request can write, without empty ones. */
export const writableOf = (pool: Readonly<Record<string, unknown>>): WritablePool =>
  Object.fromEntries(WRITABLE.flatMap((key) => (isEmpty(pool[key]) ? [] : [[key, pool[key]]])));

/** The writable fields as YAML, lines never folded. */
export const toYaml = (pool: Readonly<Record<string, unknown>>): string =>
  stringify(writableOf(pool), { lineWidth: 0 });

export const poolYaml = (pool: PoolResponse): string => toYaml(pool);

/** A checked text: the request if there is no problem. */
export type Checked<Request> = {
  readonly text: YamlText;
  readonly problems: readonly YamlProblem[];
  readonly request: Request | undefined;
};

const check = <Request>(text: string, schema: z.ZodType<Request>): Checked<Request> => {
  const read = readYaml(text);
  if (read.problems.length > 0) return { text: read, problems: read.problems, request: undefined };
  const parsed = schema.safeParse(read.value);
  if (parsed.success) return { text: read, problems: [], request: parsed.data };
  // As the server would write them.
  const problems = toViolations(parsed.error).map(({ path, message }) => ({ ...read.locate(path), path, message }));
  return { text: read, problems, request: undefined };
};

/**
 * The text as the body of a PUT. A field that is left out of the text is removed from the pool, where PUT alone would
 * keep it; the template cannot be left out.
 */
export const checkUpdate = (text: string) => {
  const { request, ...checked } = check(text, UpdatePool.required({ template: true }));
  if (request === undefined) return { ...checked, request };
  const none = { labels: {}, annotations: {}, scaleStrategy: {}, updateStrategy: {}, recycleStrategy: {} };
  return { ...checked, request: { ...none, ...definedOf(request) } };
};

/** The text as the body of a POST. */
export const checkCreate = (text: string) => check(text, CreatePool);

const definedOf = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Value;
