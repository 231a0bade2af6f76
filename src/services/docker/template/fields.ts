// Building blocks of the template's schema. What an object does not list is refused, never dropped.
import { z } from 'zod';
import { closedObject } from '../../../contract/closed-object.ts';
import { must } from '../../../contract/must.ts';
import { isJsonObject } from '../../../lib/json.ts';

/** In Kubernetes, a field that is null is absent. */
const withoutNulls = (value: unknown): unknown =>
  isJsonObject(value) ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) : value;

/** An object with exactly these fields; those that are null are absent. */
export const fields = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.preprocess(withoutNulls, closedObject(shape));

export const Text = z
  .string(must('be a string'))
  .refine((text) => !text.includes('\0'), must('not contain a null character'));

export const Flag = z.boolean(must('be true or false'));

export const listOf = <Item extends z.ZodType>(item: Item) => z.array(item, must('be an array')).default([]);

/** An integer from `min` to `max`. */
export const whole = (min: number, max: number) => {
  const rule = must(`be an integer from ${min} to ${max}`);
  return z.number(rule).int(rule).min(min, rule).max(max, rule);
};

/** An RFC 1123 label. */
export const DnsLabel = Text.regex(
  /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  must('have 1 to 63 lower-case letters, digits and "-", and start and end with a letter or digit'),
);

export const AbsolutePath = Text.startsWith('/', must('be an absolute path'));

/** Refuses an item whose `key` an earlier one already has; `path` leads from the list's items to the key. */
export const unique =
  <Item>(keyOf: (item: Item) => string | undefined, field: string) =>
  (items: readonly Item[], context: z.RefinementCtx): void => {
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      const key = keyOf(item);
      if (key === undefined) continue;
      if (seen.has(key)) context.addIssue({ code: 'custom', path: [index, field], message: `"${key}" is used twice` });
      seen.add(key);
    }
  };
