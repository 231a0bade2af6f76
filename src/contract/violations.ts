// Zod's issues as violations: one for each broken rule, at its own path, unknown members with the nearest known name.
import { z } from 'zod';
import type { Violation } from './errors.ts';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

const memberPath = (path: readonly PropertyKey[]): Violation['path'] =>
  path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));

/** The object schema at a path of an input schema; undefined where there is none. */
const objectAt = (schema: unknown, path: readonly PropertyKey[]): z.ZodObject | undefined => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return objectAt(schema.unwrap(), path);
  if (!(schema instanceof z.ZodObject)) return undefined;
  const [member, ...rest] = path;
  return member === undefined ? schema : objectAt(schema.shape[String(member)], rest);
};

const unknownMember = (member: string, known: readonly string[]) => {
  const suggestion = nearest(member, known);
  return suggestion === undefined ? 'unknown member' : `unknown member; did you mean "${suggestion}"?`;
};

const fromIssue = (issue: Issue, schema: z.ZodType): Violation[] => {
  const path = memberPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(objectAt(schema, issue.path)?.shape ?? {});
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownMember(key, known) }));
  }
  // A bad key of a record: the rule of the key is in the nested issues, the path is that of the member.
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message }));
  return [{ path, message: issue.message }];
};

/** Every broken rule that a failed parse found, in the order of the schema. */
export const toViolations = (error: z.core.$ZodError, schema: z.ZodType): Violation[] => {
  const violations = error.issues.flatMap((issue) => fromIssue(issue, schema));
  return [...new Map(violations.map((violation) => [JSON.stringify(violation), violation])).values()];
};
