// What the docker driver refuses in a template.
import { z } from 'zod';
import type { UnknownFields } from '../../../contract/closed-object.ts';
import { VIOLATIONS_MAX } from '../../../contract/limits.ts';
import { below, toViolations, type FoundViolation } from '../../../contract/violations.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { parseTemplate, type TemplateOptions } from './pod-template.ts';

const unsupported = (known: readonly string[]) =>
  `not supported by the docker driver; supported here: ${known.length > 0 ? known.join(', ') : 'no fields'}`;

const fromIssue = (issue: z.core.$ZodIssue): FoundViolation[] => {
  if (issue.code !== 'unrecognized_keys') return toViolations(new z.core.$ZodError([issue]));
  const { keys, known = [], path }: UnknownFields = issue;
  const message = unsupported(known);
  return below(
    path.map((segment) => (typeof segment === 'number' ? segment : String(segment))),
    keys.map((key) => ({ path: [key], message })),
  );
};

/** The violations that a failed parse found. At most a few more than an error lists. */
export const violationsOf = ({ issues }: z.core.$ZodError): FoundViolation[] =>
  issues.slice(0, VIOLATIONS_MAX + 1).flatMap(fromIssue);

/**
 * What the docker driver does not support in a template, and values that Kubernetes or Docker would refuse; empty if a
 * member can be started from it.
 */
export const reviewTemplate = (template: JsonObject, options: TemplateOptions): FoundViolation[] => {
  const { error } = parseTemplate(template, options);
  return error === undefined ? [] : violationsOf(error);
};
