// Reads the TOML file, and finds what in it is unknown.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { nearest } from '../../contract/nearest.ts';
import { ConfigError } from './config.ts';
import { CONFIG_FILE_ENV, SETTINGS } from './settings.ts';

export type ConfigFile = {
  /** Absent: there is no file. */
  readonly path?: string;
  /** Value of a key; undefined when it is not given. */
  readonly get: (section: string, key: string) => unknown;
  /** One sentence for each unknown section or key. */
  readonly warnings: readonly string[];
};

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

type FileOptions = { readonly flag: string | undefined; readonly env: NodeJS.ProcessEnv; readonly homeDir: string };

/** The file that `--config` names, else SANDBOX_CONFIG_PATH, else ~/.sandbox.toml when it exists. Errors: ConfigError. */
export const readConfigFile = ({ flag, env, homeDir }: FileOptions): ConfigFile => {
  const named = flag ?? (env[CONFIG_FILE_ENV] === '' ? undefined : env[CONFIG_FILE_ENV]);
  const file = named === undefined ? path.join(homeDir, '.sandbox.toml') : expandHome(named, homeDir);
  if (named === undefined && !existsSync(file)) return { get: () => undefined, warnings: [] };
  const sections = flatten(parseFile(file));
  return { path: file, get: (section, key) => sections.get(section)?.[key], warnings: warningsOf(file, sections) };
};

/** `~/x` as a path below the home directory. */
export const expandHome = (file: string, homeDir: string): string =>
  file === '~' || file.startsWith('~/') ? path.join(homeDir, file.slice(2)) : file;

const parseFile = (file: string): Table => {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof TomlError)
      throw new ConfigError(`${file}:${error.line}:${error.column}: ${error.message.split('\n')[0] ?? 'is not TOML'}`, {
        cause: error,
      });
    throw new ConfigError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};

/** Sections by their dotted name, each with its own keys: `[local.simulated]` is `local.simulated`. */
const flatten = (table: Table, prefix = ''): Map<string, Table> => {
  const sections = new Map<string, Table>();
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (isTable(value)) for (const [section, keys] of flatten(value, name)) sections.set(section, keys);
    else own[key] = value;
  }
  if (Object.keys(own).length > 0 || sections.size === 0) sections.set(prefix, own);
  return sections;
};

const KNOWN_SECTIONS = [...new Set(Object.values(SETTINGS).map(({ toml: [section] }) => section))];
const knownKeys = (section: string) =>
  Object.values(SETTINGS).flatMap(({ toml: [its, key] }) => (its === section ? [key] : []));

const warningsOf = (file: string, sections: ReadonlyMap<string, Table>): string[] =>
  [...sections].flatMap(([section, keys]) => {
    const known = knownKeys(section);
    if (known.length === 0 && section !== '')
      return [`${file}: section [${section}] is not used${suggest(section, KNOWN_SECTIONS, (name) => `[${name}]`)}.`];
    return Object.keys(keys)
      .filter((key) => !known.includes(key))
      .map((key) => `${file}: key "${key}" of [${section}] is not used${suggest(key, known, (name) => `"${name}"`)}.`);
  });

const suggest = (word: string, known: readonly string[], quote: (name: string) => string): string => {
  const suggestion = nearest(word, known);
  return suggestion === undefined ? '' : `; did you mean ${quote(suggestion)}?`;
};
