// Objects that refuse unknown members, each with the nearest known name in its message.
import { z } from 'zod';
import { nearest } from './nearest.ts';

/** Ends the message for one unknown member: an issue of zod speaks of all of them at once. */
export const MESSAGE_END = '\n';

/** A mistyped name comes alone or in a few: what has more unknown members is something else, and comparing names costs time. */
const SUGGESTIONS_MAX = 100;

const unknownMember = (member: string, known: readonly string[]) => {
  const suggestion = nearest(member, known);
  if (suggestion !== undefined) return `unknown member; did you mean "${suggestion}"?`;
  return known.length > 0 ? `unknown member; known: ${known.join(', ')}` : 'unknown member';
};

const describe = (issue: z.core.$ZodRawIssue): string => {
  if (issue.input === undefined) return 'is required';
  if (issue.code !== 'unrecognized_keys') return 'must be an object';
  const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
  return issue.keys
    .slice(0, SUGGESTIONS_MAX)
    .map((key) => unknownMember(key, known))
    .join(MESSAGE_END);
};

/** An object schema with exactly these members. */
export const closedObject = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: describe });
