// The TOML file: read and parsed.
import { readFileSync } from 'node:fs';
import { parse, TomlError, type TomlTable } from 'smol-toml';
import { codeOf, StartupError } from '../../services/startup-error.ts';

export type ConfigFile = { readonly path: string; readonly table: TomlTable };

/** Undefined when the file does not exist. Throws StartupError when it cannot be read or is not TOML, without quoting its text. */
export const readConfigFile = (path: string): ConfigFile | undefined => {
  try {
    return { path, table: parse(readFileSync(path, 'utf8')) };
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    if (!(cause instanceof TomlError))
      throw StartupError.because(`The configuration file ${path} cannot be read`, cause);
    // After its first line, the message quotes the file, which may contain secrets.
    const [reason = ''] = cause.message.replace('Invalid TOML document: ', '').split('\n');
    throw new StartupError(`${path}: line ${cause.line}, column ${cause.column} is not valid TOML: ${reason}.`);
  }
};

export const isTable = (value: unknown): value is TomlTable =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** The value at `[section.nested] key`, or undefined where the key or a section is absent. */
export const valueAt = ({ table }: ConfigFile, name: string): unknown =>
  name
    .slice(1)
    .split(/\] |\./)
    .reduce<unknown>((inner, part) => (isTable(inner) ? inner[part] : undefined), table);
