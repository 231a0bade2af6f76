// The TOML file: parsed, and compared with the sections and keys that Warmpool uses. OpenSandbox's server has many more.
import { readFileSync } from 'node:fs';
import { parse, TomlError, type TomlTable } from 'smol-toml';
import { describeUnknown, nearest } from '../../contract/nearest.ts';
import { codeOf, StartupError } from '../../services/startup-error.ts';
import { SETTINGS } from './settings.ts';

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

const isTable = (value: unknown): value is TomlTable =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** The value at `[section.nested] key`, or undefined where the key or a section is absent. */
export const valueAt = ({ table }: ConfigFile, name: string): unknown =>
  name
    .slice(1)
    .split(/\] |\./)
    .reduce<unknown>((inner, part) => (isTable(inner) ? inner[part] : undefined), table);

const KEYS = SETTINGS.flatMap(({ toml }) => {
  const [name, section = '', key = ''] = /^\[(.+)\] (.+)$/.exec(toml ?? '') ?? [];
  return name === undefined ? [] : [{ name, section, key }];
});

/** Names by the words that are compared with unused ones: of sections, and of keys with and without their section. */
type Words = ReadonlyMap<string, string>;
const SECTIONS: Words = new Map(KEYS.map(({ section }) => [section, `[${section}]`]));
const wordsFor = (keys: typeof KEYS): Words =>
  new Map(keys.flatMap(({ name, section, key }) => [key, `${section}_${key}`].map((word) => [word, name] as const)));

/** One warning for each unused section, whatever it contains, and each unused key; one problem for each value in place of a section. */
export const reviewKeys = ({ path: file, table }: ConfigFile) => {
  const warnings: string[] = [];
  const problems: string[] = [];
  const review = (inner: TomlTable, section = ''): void => {
    const own = KEYS.filter((known) => known.section === section);
    for (const [key, value] of Object.entries(inner)) {
      const path = section === '' ? key : `${section}.${key}`;
      const name = section === '' ? key : `[${section}] ${key}`;
      if (SECTIONS.has(path)) {
        if (isTable(value)) review(value, path);
        else problems.push(`${file}: [${path}] must be a section, not a value or a list of sections`);
      } else if (isTable(value) || (Array.isArray(value) && value.length > 0 && value.every(isTable)))
        warnings.push(`${file}: [${path}] is ignored: ${unknown('section', path, SECTIONS)}`);
      else if (!own.some((known) => known.key === key))
        warnings.push(`${file}: ${name} is ignored: ${unknown('key', key, wordsFor(own), wordsFor(KEYS))}`);
    }
  };
  review(table);
  return { warnings, problems };
};

/** Suggests the nearest name, from the first of `known` that has one; else lists the names of the first that has any. */
const unknown = (kind: string, word: string, ...known: readonly Words[]): string => {
  const [suggestion] = known.flatMap((words) => words.get(nearest(word, [...words.keys()]) ?? '') ?? []);
  const names = new Set(known.find(({ size }) => size > 0)?.values());
  return describeUnknown(kind, suggestion, [...names]);
};
