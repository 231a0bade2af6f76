// The table of all settings. Flags, loading, `warmpool config` and the test of docs/configuration.md are made from it.
import { delimiter } from 'node:path';
import type { LevelWithSilent } from 'pino';
import type { Runtime } from './config.ts';
import * as schemas from './schemas.ts';
import type { Setting } from './setting.ts';

/** Binds the type of a row's default to that of its schema. */
const setting = <Value>(row: Setting<Value>): Setting<Value> => row;

export const SETTINGS = {
  config: setting<string | undefined>({
    flag: { name: '--config', placeholder: 'FILE' },
    env: 'SANDBOX_CONFIG_PATH',
    schema: schemas.Text.optional(),
    default: '~/.sandbox.toml',
    isPath: true,
    description: 'The TOML file. It must exist when it is named; the default is read when it exists.',
  }),
  host: setting<string>({
    flag: { name: '--host', placeholder: 'HOST' },
    env: 'WARMPOOL_HOST',
    toml: { section: 'server', key: 'host' },
    schema: schemas.Host,
    default: '127.0.0.1',
    description: 'Address to listen on. A container sets `0.0.0.0`.',
  }),
  port: setting<number>({
    flag: { name: '--port', placeholder: 'PORT' },
    env: 'WARMPOOL_PORT',
    toml: { section: 'server', key: 'port' },
    schema: schemas.Port,
    fromText: schemas.integerFromText,
    default: 8080,
    description: 'Port to listen on, 0 to 65535. 0 picks a free one.',
  }),
  apiKey: setting<string | undefined>({
    env: 'OPENSANDBOX_SERVER_API_KEY',
    toml: { section: 'server', key: 'api_key' },
    schema: schemas.ApiKey.optional(),
    default: undefined,
    isEmptyNone: true,
    isSecret: true,
    description: 'Key that callers must send. Empty counts as none.',
  }),
  isInsecure: setting<boolean>({
    env: 'OPENSANDBOX_INSECURE_SERVER',
    schema: schemas.Flag,
    fromText: (text) => text.toUpperCase() === 'YES',
    default: false,
    description: '`YES`, in any case, lets the server run open when there is no key. Any other value means no.',
  }),
  publicMetrics: setting<boolean>({
    toml: { section: 'server', key: 'public_metrics' },
    schema: schemas.Flag,
    default: false,
    description: '`/metrics` needs no key.',
  }),
  corsOrigins: setting<readonly string[]>({
    toml: { section: 'server', key: 'cors_origins' },
    schema: schemas.Origins,
    default: [],
    description: 'Origins that browsers may call from, such as `https://app.example.com`.',
  }),
  runtime: setting<Runtime>({
    flag: { name: '--runtime', placeholder: 'NAME' },
    env: 'WARMPOOL_RUNTIME',
    toml: { section: 'runtime', key: 'type' },
    schema: schemas.RuntimeName,
    default: 'local',
    description: 'Where pools live: `local` or `kubernetes`. With `docker`, pool routes answer 501.',
  }),
  dataDir: setting<string>({
    flag: { name: '--data-dir', placeholder: 'DIR' },
    env: 'WARMPOOL_DATA_DIR',
    toml: { section: 'local', key: 'data_dir' },
    schema: schemas.Text,
    default: '~/.warmpool',
    isPath: true,
    description: 'Directory of the local runtime: database, lock and key. One server at a time.',
  }),
  driver: setting<'simulated'>({
    flag: { name: '--driver', placeholder: 'NAME' },
    env: 'WARMPOOL_DRIVER',
    toml: { section: 'local', key: 'driver' },
    schema: schemas.Driver,
    default: 'simulated',
    description: 'What members are on the local runtime. Only `simulated` exists for now.',
  }),
  startSeconds: setting<number>({
    toml: { section: 'local.simulated', key: 'start_seconds' },
    schema: schemas.numberWithin(0, 86_400),
    default: 2,
    description: 'Mean time until a simulated member is ready, in seconds, 0 to 86400; spread by ±50 %.',
  }),
  failureRate: setting<number>({
    toml: { section: 'local.simulated', key: 'failure_rate' },
    schema: schemas.numberWithin(0, 1),
    default: 0,
    description: 'Share of simulated starts that fail, 0 to 1.',
  }),
  kubeconfigPath: setting<string | readonly string[] | undefined>({
    lastEnv: 'KUBECONFIG',
    fromText: (text) => (text.includes(delimiter) ? text.split(delimiter).filter(Boolean) : text),
    toml: { section: 'kubernetes', key: 'kubeconfig_path' },
    schema: schemas.Files.optional(),
    default: undefined,
    isPath: true,
    isEmptyNone: true,
    description:
      'Kubeconfig file. The variable is used only if this key is not set, and may name several files. None: in-cluster.',
  }),
  context: setting<string | undefined>({
    toml: { section: 'kubernetes', key: 'context' },
    schema: schemas.Text.optional(),
    default: undefined,
    isEmptyNone: true,
    description: 'Context of the kubeconfig. None: its current one.',
  }),
  namespace: setting<string | undefined>({
    toml: { section: 'kubernetes', key: 'namespace' },
    schema: schemas.Namespace.optional(),
    default: undefined,
    isEmptyNone: true,
    description: 'Namespace of the pools. None: that of the kubeconfig or of the pod.',
  }),
  logLevel: setting<LevelWithSilent>({
    toml: { section: 'log', key: 'level' },
    schema: schemas.LogLevel,
    default: 'info',
    description: 'Least severe lines that are logged, as a name of pino or of Python, in any case.',
  }),
};

/** Every row, in the order of the documentation. */
export const ALL_SETTINGS: readonly Setting<unknown>[] = Object.values(SETTINGS);
