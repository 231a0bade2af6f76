// Reads objects that another writer stored, as far as they can be read.
import type { z } from 'zod';
import { isJsonObject } from '../../../lib/json.ts';

type Reading<T> = {
  /** Path of the object. */
  readonly path: string;
  /** The fields that replace those that the schema rejects. */
  readonly fallback: T;
  /** Receives the paths of the rejected fields; `path` itself where the value is not an object. */
  readonly unreadable: string[];
};

/** The fields of `value`, which has none where it is absent. */
export const readStored = <T extends object>(
  schema: z.ZodType<T>,
  value: unknown,
  { path, fallback, unreadable }: Reading<T>,
): T => {
  const { data, error } = schema.safeParse(value ?? {});
  if (error === undefined) return data;
  const rejected = new Set(error.issues.map((issue) => issue.path[0]));
  unreadable.push(...Array.from(rejected, (field) => (field === undefined ? path : `${path}.${String(field)}`)));
  const fields = isJsonObject(value) ? Object.entries(value).filter(([field]) => !rejected.has(field)) : [];
  return schema.parse({ ...fallback, ...Object.fromEntries(fields) });
};

/** An optional field of such an object. */
export const nullAsAbsent = <Schema extends z.ZodType>(schema: Schema) =>
  schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();
