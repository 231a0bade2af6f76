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

/** Every broken rule that a failed parse found, in the order of the schema, each once; of very many the first 1000. */
export const toViolations = (error: z.core.$ZodError): Violation[] => {
  const all = error.issues.slice(0, VIOLATIONS_MAX).flatMap(fromIssue);
  const distinct = [...new Map(all.map((violation) => [JSON.stringify(violation), violation])).values()];
  const more = Math.max(0, distinct.length - VIOLATIONS_MAX) + Math.max(0, error.issues.length - VIOLATIONS_MAX);
  if (more === 0) return distinct;
  return [...distinct.slice(0, VIOLATIONS_MAX), { path: [], message: `and ${more} more` }];
};
