// Configuration: from command line, environment and TOML file to one validated object, and what `warmpool config` prints of it.
import { resolve } from 'node:path';
import { StartupError } from '../../services/startup-error.ts';
import { readConfigFile, reviewKeys, valueAt, type ConfigFile } from './config-file.ts';
import { Config, CONFIG_PATH, mapSettings, type Setting } from './settings.ts';

/** By the name that commander gives the option, such as `dataDir`. */
export type Flags = Readonly<Record<string, string | undefined>>;

type Sources = {
  readonly flags: Flags;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For `~` and for `.sandbox.toml`. */
  readonly homeDir: string;
};

/** A setting with its effective value. */
type AppliedSetting = {
  readonly setting: Setting;
  readonly value: unknown;
  /** `flag --port`, `env WARMPOOL_PORT`, the path of the file, or `default`. */
  readonly origin: string;
};

export type LoadedConfig = {
  readonly config: Config;
  /** Every setting, in the order of docs/configuration.md. Contains secrets. */
  readonly applied: readonly AppliedSetting[];
  /** Sections and keys of the file that were ignored. */
  readonly warnings: readonly string[];
};

/** A flag takes precedence over the environment, the environment over the file. Throws StartupError with every problem. */
export const loadConfig = (sources: Sources): LoadedConfig => {
  const problems: string[] = [];
  /** Validates the value from every source, even where another one takes precedence. */
  const apply = (setting: Setting, file?: ConfigFile): AppliedSetting => {
    const valid = candidatesFor(setting, sources, file).flatMap(({ input, origin }) => {
      const { data: value, error } = setting.schema.safeParse(input);
      if (error) problems.push(`${origin}: ${setting.name} ${error.issues[0]?.message}${quote(setting, input)}`);
      return error ? [] : [{ setting, value, origin }];
    });
    return valid[0] ?? { setting, value: undefined, origin: 'default' };
  };

  const named = apply(CONFIG_PATH);
  const file = readConfigFile(String(named.value));
  if (file === undefined && named.origin !== 'default')
    problems.push(`${named.origin}: the configuration file ${String(named.value)} does not exist`);
  const keys = reviewKeys(file ?? { path: '', table: {} });
  problems.push(...keys.problems);

  const applied: AppliedSetting[] = [{ ...named, value: file?.path }];
  const values = mapSettings((setting) => {
    applied.push(apply(setting, file));
    return applied.at(-1)?.value;
  });
  if (problems.length > 1) throw new StartupError(`The configuration is wrong:\n  - ${problems.join('.\n  - ')}.`);
  if (problems.length > 0) throw new StartupError(`${problems.join('')}.`);
  return { config: Config.parse(values), applied, warnings: keys.warnings };
};

/** The values of a setting from all sources, in order of precedence; the last is the default. */
const candidatesFor = (setting: Setting, { flags, env, homeDir }: Sources, file?: ConfigFile) => {
  const { option, toml, schema, isPath, fromText = String } = setting;
  const fallback = schema.parse(undefined);
  const ofText = (text: string | undefined, origin: string) =>
    text === undefined ? [] : [{ input: fromText(text), origin }];
  const ofEnv = (name = '') => (env[name] === '' ? [] : ofText(env[name], `env ${name}`));
  const value = file && toml && valueAt(file, toml);
  // Only KUBECONFIG may name several paths: a list in the file is nested, so that the schema refuses it.
  const inFile = isPath && Array.isArray(value) ? [value] : value;
  // Where a value is optional, an empty string is treated as absent.
  const isNone = inFile === undefined || (inFile === '' && fallback === undefined);
  const absolute = (input: unknown) =>
    isPath && typeof input === 'string' && input !== '' ? resolve(input.replace(/^~(?=\/|$)/, homeDir)) : input;
  return [
    ...(option ? ofText(flags[option.attributeName()], `flag ${option.long ?? ''}`) : []),
    ...ofEnv(setting.env),
    ...(isNone ? [] : [{ input: inFile, origin: file?.path ?? '' }]),
    ...ofEnv(setting.lastEnv),
    { input: fallback, origin: 'default' },
  ].map(({ input, origin }) => ({ input: absolute(input), origin }));
};

/** At most 60 characters of the value. */
const quote = ({ isSecret }: Setting, input: unknown): string =>
  isSecret ? '' : ` (it is ${JSON.stringify(input).slice(0, 60)})`;

/** A table of every setting, its effective value and where that came from. Secrets are masked. */
export const describeConfig = ({ applied }: Pick<LoadedConfig, 'applied'>): string => {
  const rows = [['SETTING', 'VALUE', 'FROM'], ...applied.map((it) => [it.setting.name, shown(it), it.origin])];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
};

const shown = ({ setting, value }: AppliedSetting): string => {
  if (value === undefined) return '(none)';
  if (setting.isSecret) return '(set, not shown)';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
