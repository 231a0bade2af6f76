// Builds the flat input of a procedure from a REST request: path parameters, call options, fields of the body.
import type { IncomingHttpHeaders } from 'node:http';
import type { Request } from 'express';
import { CALL_OPTIONS, isCallOption, type CallOption } from '../../contract/call-options.ts';
import { toViolations, unknownNames, type FoundViolation } from '../../contract/violations.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { invalidRequest, type WarmpoolError } from '../../services/warmpool-error.ts';
import { NO_INPUT, queryFields, unsupportedHeaders, type InputPart } from '../http/parameters.ts';
import type { JsonBody } from '../http/request-body.ts';
import type { Route } from './route.ts';

/**
 * The input of the route's procedure, which validates it. If there are violations that only REST can detect, the schema
 * validates here, so that the client receives all violations at once.
 */
export const flatInput = (route: Route, request: Request, json: JsonBody | undefined): JsonObject => {
  const unusable = unusableBody(route, json);
  const body = bodyFields(route, request, json);
  const query = queryFields(request.url, route.query);
  const headers = headerFields(route, request.headers);
  const input = { ...body.fields, ...query.fields, ...headers.fields, ...request.params };
  const violations = [...body.violations, ...query.violations, ...headers.violations];
  if (unusable) throw invalidRequest([unusable, ...violations]);
  if (violations.length === 0) return input;
  const { error } = route.input.safeParse(input);
  throw invalidRequest([...violations, ...(error ? toViolations(error).map(inRestTerms) : [])]);
};

/** A violation of a call option at the place where REST reads the option from: `["limit"]` → `["query", "limit"]`. */
const inRestTerms = (violation: FoundViolation): FoundViolation => {
  const [field, ...rest] = violation.path;
  if (typeof field !== 'string' || !isCallOption(field)) return violation;
  const { in: place, name } = CALL_OPTIONS[field];
  return { ...violation, path: [place, name, ...rest] };
};

/** Why the body has no fields to validate; undefined when it has, or when none are expected. */
const unusableBody = (route: Route, body: JsonBody | undefined): FoundViolation | undefined => {
  const { body: schema, isBodyOptional } = route.meta;
  if (body === undefined)
    return schema && isBodyOptional !== true ? { path: [], message: 'a JSON body is required' } : undefined;
  return isJsonObject(body.value) ? undefined : { path: [], message: 'the body must be a JSON object' };
};

const bodyFields = (route: Route, request: Request, body: JsonBody | undefined): InputPart => {
  if (!isJsonObject(body?.value)) return NO_INPUT;
  const known = Object.keys(route.meta.body?.shape ?? {});
  const fields: Record<string, unknown> = {};
  const unknown: string[] = [];
  const violations = [...body.violations];
  for (const [name, value] of Object.entries(body.value)) {
    if (name === '__proto__') continue;
    if (route.pathParameters.includes(name)) {
      if (value !== request.params[name])
        violations.push({ path: [name], message: 'must be the same as in the path, or absent' });
    } else if (known.includes(name)) fields[name] = value;
    else if (isOptionOf(route, name)) {
      const { in: place, name: there } = CALL_OPTIONS[name];
      violations.push({ path: [name], message: `unknown field; send it as the ${PLACE_NAMES[place]} "${there}"` });
    } else unknown.push(name);
  }
  return { fields, violations: [...violations, ...unknownNames('field', unknown, known)] };
};

const PLACE_NAMES = { query: 'query parameter', header: 'header' } as const;

const isOptionOf = ({ query, headers }: Route, name: string): name is CallOption =>
  isCallOption(name) && (query.has(name) || headers.has(CALL_OPTIONS[name].name.toLowerCase()));

const headerFields = (route: Route, headers: IncomingHttpHeaders): InputPart => {
  const fields: Record<string, unknown> = {};
  for (const [header, option] of route.headers) if (headers[header] !== undefined) fields[option] = headers[header];
  const violations = unsupportedHeaders(headers, route.headers);
  // On a write nothing would check the condition.
  if (route.method !== 'GET' && headers['if-none-match'] !== undefined)
    violations.push({ path: ['header', 'If-None-Match'], message: 'is not supported by this operation' });
  return { fields, violations };
};

/** The error of a procedure in REST's terms. */
export const restError = (error: WarmpoolError): WarmpoolError =>
  error.code === 'REQUEST::INVALID' && error.violations !== undefined
    ? invalidRequest(error.violations.map(inRestTerms))
    : error;
