// The table of settings: type, default, description and sources of each. Loading, flags, `warmpool config` and the test of docs/configuration.md derive from it.
import path from 'node:path';
import { Option } from 'commander';
import type { LevelWithSilent } from 'pino';
import { z } from 'zod';
import { API_KEY_MAX_LENGTH } from '../../contract/limits.ts';
import { PoolName } from '../../contract/metadata.ts';
import { API_KEY_PATTERN } from '../data-dir/api-key.ts';

/** Where a value may come from, and how it is read and shown. */
type Places = {
  /** As commander declares it. */
  readonly flag?: `--${string} <${string}>`;
  readonly env?: string;
  /** Variable over which the file takes precedence. */
  readonly lastEnv?: string;
  /** Section, which may be nested, and key in the TOML file. */
  readonly toml?: `[${string}] ${string}`;
  /** Converts the text of a flag or variable before it is validated. */
  readonly fromText?: (text: string) => unknown;
  /** `~/` is the home directory; a relative path starts at the working directory. */
  readonly isPath?: boolean;
  /** Never shown, neither by `warmpool config` nor in an error. */
  readonly isSecret?: boolean;
};

export type Setting = Places & {
  /** `[server] port`, or the variable when the file has no such key. */
  readonly name: string;
  /** Validates the value from every source. For undefined, it returns the default. */
  readonly schema: z.ZodType;
  readonly option?: Option | undefined;
};

const PLACES = z.registry<Places>();

/** Converts plain decimal notation only; any other text stays text, which the schema refuses. */
const toInteger = (text: string) => (/^(0|[1-9]\d*)$/.test(text) ? Number(text) : text);
const toPaths = (text: string) => text.split(path.delimiter).filter(Boolean);
const isYes = (text: string) => text.toUpperCase() === 'YES';

/** One error, whatever the schema finds; it follows the name of the setting. */
const valid = <Value extends z.ZodType>(schema: Value, rule: string) =>
  z.custom<z.output<Value>>((input) => schema.safeParse(input).success, `must ${rule}`);
const integer = (min: number, max: number) => valid(z.int().min(min).max(max), `be an integer from ${min} to ${max}`);
const number = (min: number, max: number) => valid(z.number().min(min).max(max), `be a number from ${min} to ${max}`);

const NonEmptyString = valid(z.string().min(1), 'be a string that is not empty');
const TrueOrFalse = valid(z.boolean(), 'be true or false');
const Host = valid(
  z.string().regex(/^[\w.:%-]+$/),
  'be a host name or an IP address, without scheme, port or brackets',
);
const ApiKey = valid(
  z.string().max(API_KEY_MAX_LENGTH).regex(API_KEY_PATTERN),
  `be printable ASCII without white space at its ends, at most ${API_KEY_MAX_LENGTH} characters`,
);
/** Exactly as browsers send them, since they are compared as text. */
const Origins = valid(
  z.array(z.string().refine((text) => /^https?:/.test(text) && URL.parse(text)?.origin === text)),
  'be a list of origins such as "https://app.example.com": scheme and lower-case host, no path',
);
const RuntimeType = valid(z.enum(['local', 'kubernetes', 'docker']), 'be "local", "kubernetes" or "docker"');
const Driver = valid(z.enum(['simulated', 'docker']), 'be "simulated" or "docker"');
const Controller = valid(z.enum(['opensandbox', 'warmpool']), 'be "opensandbox" or "warmpool"');
/** One path, or several. */
const Paths = valid(z.union([NonEmptyString, z.array(NonEmptyString)]), 'be a path').transform((paths) =>
  [paths].flat(),
);
/** An RFC 1123 label, like the name of a pool. */
const NamespaceName = valid(PoolName, 'be a Kubernetes namespace: lower-case letters, digits and "-", at most 63');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const satisfies LevelWithSilent[];
/** Python's names, where they differ from pino's. */
const PYTHON_LEVELS: Record<string, string> = { notset: 'trace', warning: 'warn', critical: 'fatal' };
const LogLevel = z.preprocess(
  (name) => (typeof name === 'string' ? (PYTHON_LEVELS[name.toLowerCase()] ?? name.toLowerCase()) : name),
  z.enum(LEVELS, `must be one of ${[...LEVELS, ...Object.keys(PYTHON_LEVELS)].join(', ')} (case-insensitive)`),
);

/** All settings except the name of the file. Every value has been validated. */
export type Config = z.output<typeof Config>;
export const Config = z.object({
  server: z.object({
    host: Host.default('127.0.0.1')
      .describe('Address to listen on. In a container, set `0.0.0.0`.')
      .register(PLACES, { flag: '--host <HOST>', env: 'WARMPOOL_HOST', toml: '[server] host' }),
    port: integer(0, 65_535)
      .default(8080)
      .describe('Port to listen on, 0 to 65535. 0 picks a free one.')
      .register(PLACES, { flag: '--port <PORT>', env: 'WARMPOOL_PORT', toml: '[server] port', fromText: toInteger }),
    apiKey: ApiKey.optional()
      .describe('API key that clients must send. An empty one is ignored.')
      .register(PLACES, { env: 'OPENSANDBOX_SERVER_API_KEY', toml: '[server] api_key', isSecret: true }),
    isInsecure: TrueOrFalse.default(false)
      .describe('`YES` (case-insensitive) allows a server without an API key. Any other value is ignored.')
      .register(PLACES, { env: 'OPENSANDBOX_INSECURE_SERVER', fromText: isYes }),
    publicMetrics: TrueOrFalse.default(false)
      .describe('Serve `/metrics` without an API key.')
      .register(PLACES, { toml: '[server] public_metrics' }),
    corsOrigins: Origins.default([])
      .describe('Origins that browsers may call from, such as `https://app.example.com`.')
      .register(PLACES, { toml: '[server] cors_origins' }),
    keepAliveSeconds: integer(1, 3_600)
      .default(75)
      .describe(
        'How long an idle connection stays open, in seconds, 1 to 3600. Set it above the idle timeout of a load balancer.',
      )
      .register(PLACES, { toml: '[server] keep_alive_seconds' }),
  }),
  runtime: RuntimeType.default('local')
    .describe('Where pools are kept: `local` or `kubernetes`. With `docker`, pool routes respond with 501.')
    .register(PLACES, { flag: '--runtime <NAME>', env: 'WARMPOOL_RUNTIME', toml: '[runtime] type' }),
  local: z.object({
    dataDir: NonEmptyString.default('~/.warmpool')
      .describe('Directory of the local runtime: database, lock and API key. One server at a time.')
      .register(PLACES, { flag: '--data-dir <DIR>', env: 'WARMPOOL_DATA_DIR', toml: '[local] data_dir', isPath: true }),
    driver: Driver.default('simulated')
      .describe('What runs the members on the local runtime: `simulated` or `docker`.')
      .register(PLACES, { flag: '--driver <NAME>', env: 'WARMPOOL_DRIVER', toml: '[local] driver' }),
    simulated: z.object({
      startSeconds: number(0, 86_400)
        .default(2)
        .describe('Mean time until a simulated member is ready, in seconds, 0 to 86400; spread by ±50 %.')
        .register(PLACES, { toml: '[local.simulated] start_seconds' }),
      failureRate: number(0, 1)
        .default(0)
        .describe('Share of simulated starts that fail, 0 to 1.')
        .register(PLACES, { toml: '[local.simulated] failure_rate' }),
    }),
    docker: z.object({
      // Validated when it is used: DOCKER_HOST may be set for other programs.
      host: NonEmptyString.default('unix:///var/run/docker.sock')
        .describe('Address of the Docker daemon. The variable applies only if the file has no such key.')
        .register(PLACES, { lastEnv: 'DOCKER_HOST', toml: '[local.docker] host' }),
      network: NonEmptyString.default('bridge')
        .describe('Docker network of the members. It must exist.')
        .register(PLACES, { toml: '[local.docker] network' }),
      allowPrivileged: TrueOrFalse.default(false)
        .describe('Allow templates that give a container control of the machine, such as `privileged`.')
        .register(PLACES, { toml: '[local.docker] allow_privileged' }),
    }),
  }),
  claims: z.object({
    maxLifetimeSeconds: integer(1, 31_536_000)
      .optional()
      .describe(
        'Maximum time that a claim can be held, renewals included, in seconds, 1 to 31536000. Default: no limit.',
      )
      .register(PLACES, { toml: '[claims] max_lifetime_seconds' }),
  }),
  kubernetes: z.object({
    kubeconfigPaths: Paths.optional()
      .describe(
        'Kubeconfig file. Default: the service account of the pod. The variable applies only if the file has no such key.',
      )
      .register(PLACES, {
        lastEnv: 'KUBECONFIG',
        toml: '[kubernetes] kubeconfig_path',
        fromText: toPaths,
        isPath: true,
      }),
    context: NonEmptyString.optional()
      .describe('Context of the kubeconfig. Default: its current context.')
      .register(PLACES, { toml: '[kubernetes] context' }),
    namespace: NamespaceName.optional()
      .describe('Namespace of the pools. Default: the namespace of the context, or of the pod.')
      .register(PLACES, { toml: '[kubernetes] namespace' }),
    controller: Controller.default('opensandbox')
      .describe('Controller that starts and stops the pods of the pools: `opensandbox` or `warmpool`.')
      .register(PLACES, {
        flag: '--controller <NAME>',
        env: 'WARMPOOL_CONTROLLER',
        toml: '[kubernetes] controller',
      }),
  }),
  logLevel: LogLevel.default('info')
    .describe('Minimum severity to log: a level of pino or Python, case-insensitive.')
    .register(PLACES, { toml: '[log] level' }),
});

const settingOf = (schema: z.ZodType): Setting => {
  const places = PLACES.get(schema) ?? {};
  const option = places.flag && new Option(places.flag, schema.description?.replaceAll('`', ''));
  return { ...places, schema, option, name: places.toml ?? places.env ?? '' };
};

/** The nested values of `Config`, from what `read` returns for each setting. */
export const mapSettings = (
  read: (it: Setting) => unknown,
  table: z.ZodObject<Record<string, z.ZodType>> = Config,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(table.shape).map(([key, schema]) => [
      key,
      schema instanceof z.ZodObject ? mapSettings(read, schema) : read(settingOf(schema)),
    ]),
  );

/** The name of the file, which is read before all other settings. */
export const CONFIG_PATH = settingOf(
  NonEmptyString.default('~/.sandbox.toml')
    .describe('TOML file. It must exist if it is named; the default is read if it exists.')
    .register(PLACES, { flag: '--config <FILE>', env: 'SANDBOX_CONFIG_PATH', isPath: true }),
);

const settings = [CONFIG_PATH];
mapSettings((setting) => settings.push(setting));

/** Every setting, in the order of docs/configuration.md. */
export const SETTINGS: readonly Setting[] = settings;
