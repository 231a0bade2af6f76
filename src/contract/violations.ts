// Zod's issues as violations: one for each broken rule, at its own path.
import type { z } from 'zod';
import type { UnknownFields } from './closed-object.ts';
import type { Violation } from './errors.ts';
import { VIOLATIONS_MAX } from './limits.ts';
import { describeUnknown, nearest } from './nearest.ts';

/** A broken rule as the server finds it. Clients receive the path and the message. */
export type FoundViolation = Violation & {
  /** The known name that an unknown one probably misspells. */
  readonly suggestion?: string | undefined;
};

/** Maximum number of unknown names compared per object: mistyped names are few, and comparing takes time. */
const COMPARED_MAX = 100;

/** One violation for each of `names`, none of which is in `known`. */
export const unknownNames = (
  kind: 'field' | 'query parameter',
  names: readonly string[],
  known: readonly string[],
): (FoundViolation & { readonly path: [string] })[] =>
  names.map((name, index) => {
    if (index >= COMPARED_MAX) return { path: [name], message: `unknown ${kind}` };
    const suggestion = nearest(name, known);
    return { path: [name], message: describeUnknown(kind, suggestion, known), suggestion };
  });

const violationPath = (path: readonly PropertyKey[]): Violation['path'] =>
  path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));

const fromIssue = (issue: z.core.$ZodIssue): FoundViolation[] => {
  const path = violationPath(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const { keys, known = [] }: UnknownFields = issue;
      return below(path, unknownNames('field', keys, known));
    }
    // A bad key of a record: the nested issues have the rule of the key, the path is that of its field.
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, message }));
    default:
      return [{ path, message: issue.message }];
  }
};

/** The same violations with `path` prepended to their own. */
export const below = (path: Violation['path'], violations: readonly FoundViolation[]): FoundViolation[] =>
  violations.map((violation) => ({ ...violation, path: [...path, ...violation.path] }));

/** The broken rules that a failed parse found, in the order of the schema, without repetitions. At most a few more than an error lists. */
export const toViolations = (error: z.core.$ZodError): FoundViolation[] => {
  const violations = error.issues.slice(0, VIOLATIONS_MAX + 1).flatMap(fromIssue);
  return [...new Map(violations.map((violation) => [JSON.stringify(violation), violation])).values()];
};
