// Zod's issues as violations: one for each broken rule, at its own path.
import type { z } from 'zod';
import { MESSAGE_END } from './closed-object.ts';
import type { Violation } from './errors.ts';
import { VIOLATIONS_MAX } from './limits.ts';

const memberPath = (path: readonly PropertyKey[]): Violation['path'] =>
  path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));

const fromIssue = (issue: z.core.$ZodIssue): Violation[] => {
  const path = memberPath(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const messages = issue.message.split(MESSAGE_END);
      return issue.keys.map((key, index) => ({ path: [...path, key], message: messages[index] ?? 'unknown member' }));
    }
    // A bad key of a record: the rule of the key is in the nested issues, the path is that of the member.
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, message }));
    default:
      return [{ path, message: issue.message }];
  }
};

/** The broken rules that a failed parse found, in the order of the schema, each once. Of very many only some more than are told. */
export const toViolations = (error: z.core.$ZodError): Violation[] => {
  const violations = error.issues.slice(0, VIOLATIONS_MAX + 1).flatMap(fromIssue);
  return [...new Map(violations.map((violation) => [JSON.stringify(violation), violation])).values()];
};
