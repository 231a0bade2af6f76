// Loads the configuration: flag wins over environment, environment over file, file over default.
import { ConfigError, type Config } from './config.ts';
import { expandHome, readConfigFile, type ConfigFile } from './read-file.ts';
import { flagName, INSECURE_ENV, SETTINGS, type SettingName, type Settings } from './settings.ts';

/** Flags of the command line by their name, as commander gives them. */
export type Flags = Readonly<Record<string, string | undefined>>;

export type LoadedConfig = {
  readonly config: Config;
  readonly settings: Settings;
  /** Where each value comes from: `flag --port`, `env WARMPOOL_PORT`, the file's path, or `default`. */
  readonly sources: Readonly<Record<SettingName, string>>;
  readonly warnings: readonly string[];
};

type LoadOptions = { readonly flags: Flags; readonly env: NodeJS.ProcessEnv; readonly homeDir: string };

type Given = { readonly value: unknown; readonly source: string };

const NAMES = Object.keys(SETTINGS) as SettingName[];

/** Errors: ConfigError, which names every wrong value at once. */
export const loadConfig = ({ flags, env, homeDir }: LoadOptions): LoadedConfig => {
  const file = readConfigFile({ flag: flags['config'], env, homeDir });
  const problems: string[] = [];
  const entries = NAMES.map((name) => {
    const given = find(name, flags, env, file);
    if (given === undefined) return [name, { value: SETTINGS[name].fallback, source: 'default' }] as const;
    const parsed = SETTINGS[name].schema.safeParse(given.value);
    if (parsed.success) return [name, { value: parsed.data, source: given.source }] as const;
    const [section, key] = SETTINGS[name].toml;
    const where = given.source === file.path ? `${file.path}: [${section}] ${key}` : given.source;
    problems.push(`${where} ${parsed.error.issues[0]?.message ?? 'is wrong'}`);
    return [name, given] as const;
  });
  if (problems.length > 0) throw new ConfigError(`${problems.join('; ')}.`);
  // Each value was parsed by the schema of its row, or is the row's default.
  const settings = Object.fromEntries(entries.map(([name, { value }]) => [name, value])) as Settings;
  const sources = Object.fromEntries(entries.map(([name, { source }]) => [name, source])) as Record<
    SettingName,
    string
  >;
  const isInsecure = env[INSECURE_ENV]?.toUpperCase() === 'YES';
  return { config: toConfig(settings, isInsecure, homeDir), settings, sources, warnings: file.warnings };
};

const find = (name: SettingName, flags: Flags, env: NodeJS.ProcessEnv, file: ConfigFile): Given | undefined => {
  const {
    flag,
    env: variable,
    toml,
  } = SETTINGS[name] as { flag?: string; env?: string; toml: readonly [string, string] };
  const flagValue = flag === undefined ? undefined : flags[flagName(flag)];
  if (flagValue !== undefined) return { value: fromText(name, flagValue), source: `flag ${flag?.split(' ')[0] ?? ''}` };
  const envValue = variable === undefined ? undefined : env[variable];
  // An empty variable counts as none, as in a shell that unsets it by `X= command`.
  if (envValue !== undefined && envValue !== '')
    return { value: fromText(name, envValue), source: `env ${variable ?? ''}` };
  const fileValue = file.get(...toml);
  return fileValue === undefined || file.path === undefined ? undefined : { value: fileValue, source: file.path };
};

/** Exact: text that is no plain integer stays text, and the schema refuses it. */
const fromText = (name: SettingName, text: string): unknown =>
  name === 'port' && /^\d{1,5}$/.test(text) ? Number(text) : text;

const toConfig = (settings: Settings, isInsecure: boolean, homeDir: string): Config => {
  const { host, port, apiKey, publicMetrics, corsOrigins, runtime, driver, startSeconds, failureRate, logLevel } =
    settings;
  const { dataDir, kubeconfigPath, namespace } = settings;
  return {
    server: {
      host,
      port,
      isInsecure,
      publicMetrics,
      corsOrigins,
      ...(apiKey !== undefined && apiKey !== '' && { apiKey }),
    },
    runtime,
    local: { dataDir: expandHome(dataDir, homeDir), driver, simulated: { startSeconds, failureRate } },
    kubernetes: {
      ...(kubeconfigPath !== undefined && { kubeconfigPath: expandHome(kubeconfigPath, homeDir) }),
      ...(namespace !== undefined && { namespace }),
    },
    logLevel,
  };
};
