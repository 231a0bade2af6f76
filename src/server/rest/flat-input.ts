// Makes the flat input of a procedure out of a REST request: path parameters, call options, body members.
import type { Request } from 'express';
import { CALL_OPTIONS, isCallOption, type CallOption } from '../../contract/call-options.ts';
import { below, toViolations, unknownNames, type FoundViolation } from '../../contract/violations.ts';
import { invalidRequest, type WarmpoolError } from '../../services/warmpool-error.ts';
import type { JsonBody } from '../http/request-body.ts';
import type { QueryParameters, Route } from './route.ts';

type Members = Readonly<Record<string, unknown>>;

/** Part of the input, and what is wrong with it that no schema can see. */
type Part = { readonly members: Members; readonly violations: readonly FoundViolation[] };
const NOTHING: Part = { members: {}, violations: [] };

/**
 * The input of the route's procedure. What the schema judges is left to the procedure; when something is wrong that
 * only REST can see, the schema judges here, so that the caller gets all violations at once.
 */
export const flatInput = (route: Route, request: Request, json: JsonBody | undefined): Members => {
  const unusable = unusableBody(route, json);
  const body = bodyMembers(route, request, json);
  const query = queryMembers(request.url, route.query);
  const headers = headerOptions(route, request.headers);
  const input = { ...body.members, ...query.members, ...headers.members, ...request.params };
  const violations = [...body.violations, ...query.violations, ...headers.violations];
  if (unusable) throw invalidRequest([unusable, ...violations]);
  if (violations.length === 0) return input;
  const judged = route.input.safeParse(input);
  throw invalidRequest([...violations, ...(judged.success ? [] : toViolations(judged.error).map(inRestTerms))]);
};

/** A violation of a call option at the place where REST takes the option from: `["limit"]` → `["query", "limit"]`. */
const inRestTerms = (violation: FoundViolation): FoundViolation => {
  const [member, ...rest] = violation.path;
  if (typeof member !== 'string' || !isCallOption(member)) return violation;
  const { in: place, name } = CALL_OPTIONS[member];
  return { ...violation, path: [place, name, ...rest] };
};

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why there are no members to judge; undefined when there are, or none are wanted. */
const unusableBody = (route: Route, body: JsonBody | undefined): FoundViolation | undefined => {
  if (body === undefined) return route.meta.body ? { path: [], message: 'a JSON body is required' } : undefined;
  return isObject(body.value) ? undefined : { path: [], message: 'the body must be a JSON object' };
};

const bodyMembers = (route: Route, request: Request, body: JsonBody | undefined): Part => {
  if (!isObject(body?.value)) return NOTHING;
  const known = Object.keys(route.meta.body?.shape ?? {});
  const members: Record<string, unknown> = {};
  const unknown: string[] = [];
  const violations = [...body.violations];
  for (const [name, value] of Object.entries(body.value)) {
    if (name === '__proto__') continue;
    if (route.pathParameters.includes(name)) {
      if (value !== request.params[name])
        violations.push({ path: [name], message: 'must be the same as in the path, or absent' });
    } else if (known.includes(name)) members[name] = value;
    else if (isOptionOf(route, name)) {
      const { in: place, name: there } = CALL_OPTIONS[name];
      violations.push({ path: [name], message: `unknown field; send it as the ${PLACES[place]} "${there}"` });
    } else unknown.push(name);
  }
  return { members, violations: [...violations, ...unknownNames('field', unknown, known)] };
};

const PLACES = { query: 'query parameter', header: 'header' } as const;

const isOptionOf = ({ query, headers }: Route, name: string): name is CallOption =>
  isCallOption(name) && (query.has(CALL_OPTIONS[name].name) || headers.has(CALL_OPTIONS[name].name.toLowerCase()));

/** Members that are given in the query. What is unknown or repeated is a violation. */
export const queryMembers = (url: string, known: QueryParameters): Part => {
  const start = url.indexOf('?');
  if (start < 0) return NOTHING;
  const members: Record<string, unknown> = {};
  const violations: FoundViolation[] = [];
  const parameters = new URLSearchParams(url.slice(start + 1));
  const unknown: string[] = [];
  for (const name of new Set(parameters.keys())) {
    const parameter = known.get(name);
    const [text = '', ...repeated] = parameters.getAll(name);
    if (parameter === undefined) unknown.push(name);
    else if (repeated.length > 0) violations.push({ path: ['query', name], message: 'must not be repeated' });
    else members[parameter.member] = decode(text, parameter.type);
  }
  violations.push(...below(['query'], unknownNames('query parameter', unknown, [...known.keys()])));
  return { members, violations };
};

/** Exact: what does not read as the type stays text, and the schema refuses it. */
const decode = (text: string, type: 'string' | 'integer' | 'boolean'): unknown => {
  if (type === 'integer' && /^-?(0|[1-9]\d*)$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
};

/** Call options that REST takes from headers. */
export const HEADER_OPTIONS = Object.entries(CALL_OPTIONS)
  .filter(([, option]) => option.in === 'header')
  .map(([member, { name }]) => ({ member, name, header: name.toLowerCase() }));

const headerOptions = (route: Route, headers: Request['headers']): Part => {
  const members: Record<string, unknown> = {};
  for (const [header, option] of route.headers) if (headers[header] !== undefined) members[option] = headers[header];
  const violations = unsupportedHeaders(headers, route.headers);
  // On a write it would be a condition that nobody checks.
  if (route.method !== 'GET' && headers['if-none-match'] !== undefined)
    violations.push({ path: ['header', 'If-None-Match'], message: 'is not supported by this operation' });
  return { members, violations };
};

/** A header of the table that an operation does not take asks for what it would not get: it is refused. */
export const unsupportedHeaders = (
  headers: Request['headers'],
  supported: ReadonlyMap<string, unknown> = new Map(),
): FoundViolation[] =>
  HEADER_OPTIONS.filter(({ header }) => headers[header] !== undefined && !supported.has(header)).map(({ name }) => ({
    path: ['header', name],
    message: 'is not supported by this operation',
  }));

/** The error of a procedure in REST's terms. */
export const restError = (error: WarmpoolError): WarmpoolError =>
  error.code === 'REQUEST::INVALID' && error.violations !== undefined
    ? invalidRequest(error.violations.map(inRestTerms))
    : error;
