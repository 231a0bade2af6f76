// Query parameters and headers of a request as fields of a procedure's input.
import type { IncomingHttpHeaders } from 'node:http';
import { CALL_OPTIONS } from '../../contract/call-options.ts';
import { below, unknownNames, type FoundViolation } from '../../contract/violations.ts';

/** Part of an input, and the violations that no schema can detect. */
export type InputPart = {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly violations: readonly FoundViolation[];
};
export const NO_INPUT: InputPart = { fields: {}, violations: [] };

/** The type of each query parameter, by its name, which is also the name of the field in the input. */
export type QueryParameters = ReadonlyMap<string, 'string' | 'integer' | 'boolean'>;

/** The fields in the query of a URL. Unknown and repeated parameters are violations. */
export const queryFields = (url: string, known: QueryParameters): InputPart => {
  const start = url.indexOf('?');
  if (start < 0) return NO_INPUT;
  const fields: Record<string, unknown> = {};
  const violations: FoundViolation[] = [];
  const parameters = new URLSearchParams(url.slice(start + 1));
  const unknown: string[] = [];
  for (const name of new Set(parameters.keys())) {
    const type = known.get(name);
    const [text = '', ...repeated] = parameters.getAll(name);
    if (type === undefined) unknown.push(name);
    else if (repeated.length > 0) violations.push({ path: ['query', name], message: 'must not be repeated' });
    else fields[name] = decode(text, type);
  }
  violations.push(...below(['query'], unknownNames('query parameter', unknown, [...known.keys()])));
  return { fields, violations };
};

/** Text that is not exactly of the type stays text, which the schema refuses. */
const decode = (text: string, type: 'string' | 'integer' | 'boolean'): unknown => {
  if (type === 'integer' && /^-?(0|[1-9]\d*)$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
};

/** Call options that REST reads from headers: field of the input, name of the header, the same in lower case. */
export const HEADER_OPTIONS = Object.entries(CALL_OPTIONS)
  .filter(([, option]) => option.in === 'header')
  .map(([field, { name }]) => ({ field, name, header: name.toLowerCase() }));

/** Headers of the table that the operation does not support are refused: ignoring them would drop a guarantee that the client relies on. */
export const unsupportedHeaders = (
  headers: IncomingHttpHeaders,
  supported: ReadonlyMap<string, unknown> = new Map(),
): FoundViolation[] =>
  HEADER_OPTIONS.filter(({ header }) => headers[header] !== undefined && !supported.has(header)).map(({ name }) => ({
    path: ['header', name],
    message: 'is not supported by this operation',
  }));
