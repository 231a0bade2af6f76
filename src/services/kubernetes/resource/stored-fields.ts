// Reads the fields of an object that another writer stored: a value of the wrong type is replaced, and its path is kept.
import { z } from 'zod';

const AnyObject = z.record(z.string(), z.unknown());

export class StoredFields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #unreadable: string[];

  /** @param unreadable Receives the paths of the fields that cannot be read; `path` itself where `value` is not an object. */
  constructor(value: unknown, path: string, unreadable: string[]) {
    this.#path = path;
    this.#unreadable = unreadable;
    const { data } = AnyObject.safeParse(value);
    this.#fields = data ?? {};
    if (value !== undefined && data === undefined) unreadable.push(path);
  }

  /** The field, or `fallback` where it is missing or has another type. */
  required<Value>(name: string, schema: z.ZodType<Value>, fallback: Value): Value {
    const parsed = schema.safeParse(this.#fields[name]);
    if (parsed.success) return parsed.data;
    this.#unreadable.push(`${this.#path}.${name}`);
    return fallback;
  }

  /** The field, or undefined where it is missing, null, or has another type. */
  optional<Value>(name: string, schema: z.ZodType<Value>): Value | undefined {
    return (this.#fields[name] ?? undefined) === undefined
      ? undefined
      : this.required<Value | undefined>(name, schema, undefined);
  }

  has(name: string): boolean {
    return name in this.#fields;
  }

  /** The fields of an object in a field. */
  inner(name: string): StoredFields {
    return new StoredFields(this.#fields[name], `${this.#path}.${name}`, this.#unreadable);
  }
}
