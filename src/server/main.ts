// The process: reads the configuration, starts the server, and stops it in order on SIGTERM and SIGINT.
import { homedir } from 'node:os';
import { readOrMakeApiKey } from '../services/local/data-dir/api-key.ts';
import { lockDataDir } from '../services/local/data-dir/lock-data-dir.ts';
import type { Logger } from 'pino';
import { API_KEY_HEADER } from '../contract/limits.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { describeConfig } from './config/describe-config.ts';
import { describeOrigin } from './config/setting.ts';
import { SETTINGS } from './config/settings.ts';
import { loadConfig, type Flags, type LoadedConfig } from './config/load-config.ts';
import { createProgram } from './config/program.ts';
import { createLogger } from './logger.ts';
import { startServer } from './start-server.ts';

const load = (flags: Flags) => loadConfig({ flags, env: process.env, homeDir: homedir() });

const serve = async (flags: Flags): Promise<void> => {
  const { config, sources, warnings } = load(flags);
  const logger = createLogger(config.logLevel);
  for (const warning of warnings) logger.warn(warning);
  if (config.runtime === 'kubernetes')
    throw new ConfigError(['the runtime "kubernetes" comes in a later version: use runtime local']);
  const lock = lockDataDir(config.local.dataDir);
  const key = findApiKey(config, originOfKey(sources), logger);
  const server = await startServer({ config, apiKey: key.value, logger });

  const stop = (signal: NodeJS.Signals) => {
    logger.info(`${signal}: stopping`);
    server.stop().then(
      () => {
        lock.release();
        logger.info('stopped');
        process.exitCode = 0;
      },
      (err: unknown) => {
        logger.fatal({ err }, 'stopping failed');
        process.exitCode = 1;
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);

  process.stdout.write(`listening on ${server.url}\n`);
  if (config.runtime === 'local') logger.warn('Members are simulated: no sandbox really runs.');
  if (key.place !== undefined) logger.info(`API key: ${key.place}`);
  if (key.file !== undefined) {
    const reachable = server.url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
    // Without double quotes, so that the line can be pasted out of a log of JSON lines, too.
    logger.info(`Try it: curl -H ${API_KEY_HEADER}:$(cat '${key.file}') ${reachable}/v1/pools`);
  }
};

const originOfKey = (sources: LoadedConfig['sources']): string => {
  const source = sources.find(({ setting }) => setting === SETTINGS.apiKey);
  return source === undefined ? 'nowhere' : describeOrigin(source.origin);
};

type FoundKey = {
  readonly value?: string;
  /** Where the key is, for people. */
  readonly place?: string;
  /** The file that has it and nothing else. */
  readonly file?: string;
};

/** The configured key, or the one in the data directory, which is made at the first start; none when the server may be open. */
const findApiKey = ({ server, local }: Config, origin: string, logger: Logger): FoundKey => {
  if (server.apiKey !== undefined) return { value: server.apiKey, place: `the one from ${origin}` };
  if (server.isInsecure) {
    logger.warn('OPENSANDBOX_INSECURE_SERVER=YES and no API key: anyone who reaches the server may use it.');
    return {};
  }
  const { key, file, warning } = readOrMakeApiKey(local.dataDir);
  if (warning !== undefined) logger.warn(warning);
  return { value: key, place: `in ${file}`, file };
};

const program = createProgram({
  serve,
  config: (flags) => {
    const loaded = load(flags);
    for (const warning of loaded.warnings) process.stderr.write(`${warning}\n`);
    process.stdout.write(`${describeConfig(loaded)}\n`);
  },
});

try {
  await program.parseAsync();
} catch (error) {
  // What keeps the server from starting is told in one line: the message says what to do.
  process.stderr.write(`warmpool: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
