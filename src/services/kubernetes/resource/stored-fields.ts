// Reads members of what somebody else stored: what has the wrong type is replaced, and its path is kept.
import { z } from 'zod';

const AnyObject = z.record(z.string(), z.unknown());

export class StoredFields {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #unreadable: string[];

  /** @param value The object, or anything that stands in its place. @param unreadable Takes the paths of what cannot be read. */
  constructor(value: unknown, path: string, unreadable: string[]) {
    this.#path = path;
    this.#unreadable = unreadable;
    const { data } = AnyObject.safeParse(value);
    this.#members = data ?? {};
    if (value !== undefined && data === undefined) unreadable.push(path);
  }

  /** The member, or `fallback` where it is missing or has another type. */
  required<Value>(name: string, schema: z.ZodType<Value>, fallback: Value): Value {
    const parsed = schema.safeParse(this.#members[name]);
    if (parsed.success) return parsed.data;
    this.#unreadable.push(this.#pathOf(name));
    return fallback;
  }

  /** The member, or undefined where it is missing or has another type. `null` counts as missing. */
  optional<Value>(name: string, schema: z.ZodType<Value>): Value | undefined {
    return (this.#members[name] ?? undefined) === undefined
      ? undefined
      : this.required<Value | undefined>(name, schema, undefined);
  }

  has(name: string): boolean {
    return name in this.#members;
  }

  /** The object that a member is. */
  inner(name: string): StoredFields {
    return new StoredFields(this.#members[name], this.#pathOf(name), this.#unreadable);
  }

  #pathOf(name: string): string {
    return `${this.#path}.${name}`;
  }
}
