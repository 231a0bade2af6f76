// Configuration: from command line, environment and TOML file to one typed, checked object.
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { readConfigFile, type ReadFile } from './config-file.ts';
import { reviewKeys } from './known-keys.ts';
import type { AppliedSetting } from './setting.ts';
import { SettingReader, type Texts } from './setting-reader.ts';
import { ALL_SETTINGS, SETTINGS } from './settings.ts';

/** Texts of the command line by option, as commander gives them: `{ port: '0', dataDir: '/data' }`. */
export type Flags = Texts;

type LoadOptions = {
  readonly flags: Flags;
  readonly env: Texts;
  /** What `~` stands for; also where `.sandbox.toml` is looked for. */
  readonly homeDir: string;
  /** Default: from disk, as UTF-8. */
  readonly readFile?: ReadFile;
};

export type LoadedConfig = {
  readonly config: Config;
  /** Every setting, in the order of the documentation, with its value and where that came from. Secrets are in here. */
  readonly sources: readonly AppliedSetting[];
  /** For the log: keys that were ignored. */
  readonly warnings: readonly string[];
};

const PLACES = ALL_SETTINGS.flatMap(({ toml }) => (toml === undefined ? [] : [toml]));

/**
 * Reads every setting: flag wins over environment, environment over file, file over default.
 * Throws ConfigError: one for a file that is missing or not TOML, else one that tells all wrong values.
 */
export const loadConfig = ({ flags, env, homeDir, readFile }: LoadOptions): LoadedConfig => {
  const named = readFileName({ flags, env, homeDir });
  const file = named.path === undefined ? undefined : readConfigFile(named.path, named.applied.origin, readFile);
  const keys = file === undefined ? { warnings: [], problems: [] } : reviewKeys(file.table, PLACES);
  const inFile = (text: string): string => `${file?.path ?? ''}: ${text}`;

  const reader = new SettingReader({ flags, env, homeDir, file });
  const config = readConfig(reader);
  const problems = [...keys.problems.map(inFile), ...reader.problems];
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    config,
    sources: [{ ...named.applied, value: file?.path }, ...reader.applied],
    warnings: keys.warnings.map(inFile),
  };
};

const readFileName = (places: { flags: Texts; env: Texts; homeDir: string }) => {
  const reader = new SettingReader(places);
  const path = reader.read(SETTINGS.config);
  const [applied] = reader.applied;
  if (applied === undefined || reader.problems.length > 0) throw new ConfigError(reader.problems);
  return { path, applied };
};

/** In the order of the table, which is that of `warmpool config`. */
const readConfig = ({ read }: SettingReader): Config => ({
  server: {
    host: read(SETTINGS.host),
    port: read(SETTINGS.port),
    apiKey: read(SETTINGS.apiKey),
    isInsecure: read(SETTINGS.isInsecure),
    publicMetrics: read(SETTINGS.publicMetrics),
    corsOrigins: read(SETTINGS.corsOrigins),
  },
  runtime: read(SETTINGS.runtime),
  local: {
    dataDir: read(SETTINGS.dataDir),
    driver: read(SETTINGS.driver),
    simulated: { startSeconds: read(SETTINGS.startSeconds), failureRate: read(SETTINGS.failureRate) },
  },
  kubernetes: {
    kubeconfigPath: read(SETTINGS.kubeconfigPath),
    context: read(SETTINGS.context),
    namespace: read(SETTINGS.namespace),
  },
  logLevel: read(SETTINGS.logLevel),
});
