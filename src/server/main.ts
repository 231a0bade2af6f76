// The process: reads the configuration, starts the server, and stops it in order on SIGTERM and SIGINT.
import { homedir } from 'node:os';
import { API_KEY_HEADER } from '../contract/limits.ts';
import { lockDataDir } from './data-dir/lock-data-dir.ts';
import { describeConfig } from './config/describe-config.ts';
import { loadConfig, type Flags } from './config/load-config.ts';
import { createProgram } from './cli/program.ts';
import { findApiKey } from './find-api-key.ts';
import { createLogger } from './logger.ts';
import { startServer } from './start-server.ts';

const load = (flags: Flags) => loadConfig({ flags, env: process.env, homeDir: homedir() });

/** What the log has left to write after the end. */
const EXIT_GRACE_MS = 500;

const serve = async (flags: Flags): Promise<void> => {
  const loaded = load(flags);
  const { config, warnings } = loaded;
  const logger = createLogger(config.logLevel);
  for (const warning of warnings) logger.warn(warning);
  const lock = config.runtime === 'kubernetes' ? undefined : lockDataDir(config.local.dataDir);
  const key = findApiKey(loaded);
  if (key.warning !== undefined) logger.warn(key.warning);
  const server = await startServer({ config, apiKey: key.value, logger });

  const stop = (signal: NodeJS.Signals) => {
    logger.info(`${signal}: stopping`);
    server.stop().then(
      () => {
        lock?.release();
        logger.info('stopped');
        process.exitCode = 0;
        // A credential plugin that hangs would keep the process alive.
        setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
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

const program = createProgram({
  serve,
  config: (flags) => {
    const loaded = load(flags);
    for (const warning of loaded.warnings) process.stderr.write(`${warning}\n`);
    process.stdout.write(`${describeConfig(loaded)}\n`);
  },
  crd: async (action, flags) => {
    const { PoolDefinition } = await import('../services/kubernetes/crd/pool-definition.ts');
    const definition = new PoolDefinition(load(flags).config.kubernetes);
    try {
      process.stderr.write(`cluster: ${definition.where}\n`);
      const { isInstalled, sentence, differences } = await definition[action]();
      process.stdout.write(`${[sentence, ...differences.map((line) => `  - ${line}`)].join('\n')}\n`);
      process.exitCode = isInstalled && (action === 'install' || differences.length === 0) ? 0 : 1;
    } finally {
      await definition.close();
    }
  },
});

try {
  await program.parseAsync();
} catch (error) {
  // What keeps the server from starting is told in one line: the message says what to do.
  process.stderr.write(`warmpool: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
