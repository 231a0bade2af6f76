// Objects that refuse unknown fields.
import { z } from 'zod';

/** Zod's issue of a closed object, with the names of the fields that the object has. */
export type UnknownFields = z.core.$ZodIssueUnrecognizedKeys & { readonly known?: readonly string[] };

const describe = (issue: z.core.$ZodRawIssue): string => {
  if (issue.input === undefined) return 'is required';
  if (issue.code !== 'unrecognized_keys') return 'must be an object';
  // Zod drops the schema from an issue, and copies the other properties after it has asked for the message.
  if (issue.inst instanceof z.ZodObject) Object.assign(issue, { known: Object.keys(issue.inst.shape) });
  return 'unknown field';
};

/** An object schema with exactly these fields. */
export const closedObject = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: describe });
