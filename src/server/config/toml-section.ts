// Places in a parsed TOML file.
import type { TomlTable } from 'smol-toml';

/** A key and its section, which may be nested: `local.simulated`. */
export type TomlPlace = { readonly section: string; readonly key: string };

export const isTable = (value: unknown): value is TomlTable =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** The value at a place, or undefined when it, or a section on the way to it, is absent. */
export const valueAt = (table: TomlTable, { section, key }: TomlPlace): unknown => {
  let inner: TomlTable = table;
  for (const part of section.split('.')) {
    const next = inner[part];
    if (!isTable(next)) return undefined;
    inner = next;
  }
  return inner[key];
};
