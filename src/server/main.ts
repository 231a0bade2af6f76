// The process: reads the configuration, starts the server, and stops it in order on SIGTERM and SIGINT.
import { homedir } from 'node:os';
import type { Logger } from 'pino';
import { API_KEY_HEADER } from '../contract/limits.ts';
import { runCheck } from './cli/check.ts';
import { runCrd } from './cli/crd.ts';
import { createProgram } from './cli/program.ts';
import { describeConfig, loadConfig, type Flags } from './config/load-config.ts';
import type { Config } from './config/settings.ts';
import { lockDataDir } from './data-dir/lock-data-dir.ts';
import { isDockerReachable } from './docker-hint.ts';
import { findApiKey } from './find-api-key.ts';
import { createLogger } from './logger.ts';
import { startServer, type RunningServer } from './start-server.ts';

const load = (flags: Flags) => loadConfig({ flags, env: process.env, homeDir: homedir() });

/** How long the log may take to write its last lines. */
const EXIT_GRACE_MS = 500;

const serve = async (flags: Flags): Promise<void> => {
  const loaded = load(flags);
  const { config, warnings } = loaded;
  const logger = createLogger(config.logLevel);
  for (const warning of warnings) logger.warn(warning);
  const lock = config.runtime === 'kubernetes' ? undefined : lockDataDir(config.local.dataDir);
  const { key, place, file, warning } = findApiKey(loaded);
  if (warning !== undefined) logger.warn(warning);
  const server = await startServer({ config, apiKey: key, logger });
  stopOnSignals(server, lock, logger);

  process.stdout.write(`listening on ${server.url}\n`);
  if (config.runtime === 'local') announceMembers(config.local, logger);
  const url = reachable(server.url);
  logger.info(`Dashboard: ${url}${server.createDashboardPath()}`);
  if (place !== undefined) logger.info(`API key: ${place}`);
  if (file !== undefined) logger.info(`Try it: ${curlLine(url, file)}`);
};

const announceMembers = ({ driver, docker }: Config['local'], logger: Logger): void => {
  if (driver === 'docker') logger.info(`Members are containers of the Docker daemon at ${docker.host}.`);
  else {
    logger.warn('Members are simulated: no real sandbox runs.');
    void suggestDocker(docker.host, logger);
  }
};

const suggestDocker = async (host: string, logger: Logger): Promise<void> => {
  if (await isDockerReachable(host))
    logger.info(`A Docker daemon is reachable at ${host}: start with --driver docker to run real sandboxes.`);
};

const stopOnSignals = (server: RunningServer, lock: DisposableStack | undefined, logger: Logger): void => {
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info(`${signal}: stopping`);
    try {
      await server.stop();
      lock?.dispose();
      logger.info('stopped');
      process.exitCode = 0;
      // A credential plugin that hangs would keep the process alive.
      setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
    } catch (err) {
      logger.fatal({ err }, 'shutdown failed');
      process.exitCode = 1;
    }
  };
  const listener = (signal: NodeJS.Signals) => void stop(signal);
  process.on('SIGTERM', listener).on('SIGINT', listener);
};

const reachable = (url: string): string => url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

/** Quoted for a POSIX shell; without double quotes, which a log of JSON lines would escape. */
const curlLine = (url: string, keyFile: string): string =>
  `curl -H ${API_KEY_HEADER}:$(cat '${keyFile.replaceAll("'", String.raw`'\''`)}') ${url}/v1/pools`;

const program = createProgram({
  serve,
  config: (flags) => {
    const loaded = load(flags);
    for (const warning of loaded.warnings) process.stderr.write(`${warning}\n`);
    process.stdout.write(`${describeConfig(loaded)}\n`);
  },
  crd: (action, flags) => runCrd(action, load(flags).config.kubernetes),
  check: (sinceSeconds, flags) => runCheck(sinceSeconds, () => load(flags).config.kubernetes),
});

try {
  await program.parseAsync();
} catch (error) {
  // The message alone says what to do: a stack trace would hide it.
  process.stderr.write(`warmpool: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
