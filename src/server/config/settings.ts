// Every setting: its flag, its environment variable, its place in the TOML file, its default. The one table that loading,
// the command line, `warmpool config` and docs/configuration.md are made from or checked against.
import { z } from 'zod';
import { must } from '../../contract/must.ts';

type Setting<Schema extends z.ZodType> = {
  /** Command line flag, as commander writes it. */
  readonly flag?: string;
  readonly env?: string;
  /** Section and key of the TOML file. */
  readonly toml: readonly [section: string, key: string];
  readonly schema: Schema;
  /** Used when nothing is given; undefined: there is none. */
  readonly fallback?: z.infer<Schema>;
  readonly isSecret?: boolean;
  readonly description: string;
};

const setting = <Schema extends z.ZodType>(row: Setting<Schema>): Setting<Schema> => row;

const text = z.string(must('be text')).min(1, must('not be empty'));
const flag = z.boolean(must('be true or false'));
const origin = z.string(must('be text')).regex(/^https?:\/\/[^/\s]+$/, must('be an origin such as https://host:port'));

/** Names of Python's logging, in any case, beside those of the log itself. */
const LEVELS: Readonly<Record<string, string>> = {
  notset: 'trace',
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
  fatal: 'fatal',
};
const level = z
  .string(must('be text'))
  .transform((name) => LEVELS[name.toLowerCase()] ?? '')
  .refine((name) => name !== '', must('be one of DEBUG, INFO, WARNING, ERROR, CRITICAL'));

export const SETTINGS = {
  host: setting({
    flag: '--host <host>',
    env: 'WARMPOOL_HOST',
    toml: ['server', 'host'],
    schema: text,
    fallback: '127.0.0.1',
    description: 'Address to listen on. A container sets 0.0.0.0.',
  }),
  port: setting({
    flag: '--port <port>',
    env: 'WARMPOOL_PORT',
    toml: ['server', 'port'],
    schema: z
      .int(must('be an integer from 0 to 65535'))
      .min(0, must('be an integer from 0 to 65535'))
      .max(65_535, must('be an integer from 0 to 65535')),
    fallback: 8080,
    description: 'Port to listen on; 0 picks a free one.',
  }),
  apiKey: setting({
    env: 'OPENSANDBOX_SERVER_API_KEY',
    toml: ['server', 'api_key'],
    schema: z.string(must('be text')),
    isSecret: true,
    description: 'The key that callers must send. None: one is made in the data directory.',
  }),
  publicMetrics: setting({
    toml: ['server', 'public_metrics'],
    schema: flag,
    fallback: false,
    description: 'Whether /metrics needs no key.',
  }),
  corsOrigins: setting({
    toml: ['server', 'cors_origins'],
    schema: z.array(origin, must('be a list of origins')),
    fallback: [],
    description: 'Origins whose pages may call the server from a browser.',
  }),
  runtime: setting({
    flag: '--runtime <runtime>',
    env: 'WARMPOOL_RUNTIME',
    toml: ['runtime', 'type'],
    schema: z.enum(['local', 'kubernetes', 'docker'], must('be "local", "kubernetes" or "docker"')),
    fallback: 'local',
    description: 'Where pools live. With docker every pool route answers 501, as OpenSandbox’s server does.',
  }),
  dataDir: setting({
    flag: '--data-dir <folder>',
    env: 'WARMPOOL_DATA_DIR',
    toml: ['local', 'data_dir'],
    schema: text,
    fallback: '~/.warmpool',
    description: 'Folder of the local runtime: the database and the API key.',
  }),
  driver: setting({
    flag: '--driver <driver>',
    env: 'WARMPOOL_DRIVER',
    toml: ['local', 'driver'],
    schema: z.enum(['simulated'], must('be "simulated"; the driver "docker" comes in a later version')),
    fallback: 'simulated',
    description: 'What starts and stops members. Simulated members are not real.',
  }),
  startSeconds: setting({
    toml: ['local.simulated', 'start_seconds'],
    schema: z
      .number(must('be a number from 0 to 86400'))
      .min(0, must('be a number from 0 to 86400'))
      .max(86_400, must('be a number from 0 to 86400')),
    fallback: 2,
    description: 'Mean time in which a simulated member becomes ready, in seconds, spread by ±50 %.',
  }),
  failureRate: setting({
    toml: ['local.simulated', 'failure_rate'],
    schema: z
      .number(must('be a number from 0 to 1'))
      .min(0, must('be a number from 0 to 1'))
      .max(1, must('be a number from 0 to 1')),
    fallback: 0,
    description: 'Share of simulated starts that fail, 0 to 1.',
  }),
  kubeconfigPath: setting({
    toml: ['kubernetes', 'kubeconfig_path'],
    schema: text,
    description: 'Kubeconfig of the kubernetes runtime. None: in the cluster.',
  }),
  namespace: setting({
    toml: ['kubernetes', 'namespace'],
    schema: text,
    description: 'Namespace of the kubernetes runtime.',
  }),
  logLevel: setting({
    toml: ['log', 'level'],
    schema: level,
    fallback: 'info',
    description: 'Lowest level that is logged. Python’s names count, in any case.',
  }),
};

export type SettingName = keyof typeof SETTINGS;

/** The value of every setting. */
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends { readonly schema: infer Schema extends z.ZodType }
    ? z.infer<Schema> | (Name extends 'apiKey' | 'kubeconfigPath' | 'namespace' ? undefined : never)
    : never;
};

/** Name, environment variable: not a value of a setting, but where the file is and whether the server may be open. */
export const CONFIG_FILE_ENV = 'SANDBOX_CONFIG_PATH';
export const INSECURE_ENV = 'OPENSANDBOX_INSECURE_SERVER';

/** The member that commander stores a flag's value under: `--data-dir <folder>` → `dataDir`. */
export const flagName = (definition: string): string =>
  definition
    .replace(/^--/, '')
    .replace(/ .*$/, '')
    .replaceAll(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
