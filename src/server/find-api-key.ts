// Where the server's API key comes from: the configuration, or on the local runtime the data directory.
import { readOrMakeApiKey } from './data-dir/api-key.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import type { LoadedConfig } from './config/load-config.ts';
import { describeOrigin } from './config/setting.ts';
import { SETTINGS } from './config/settings.ts';

export type FoundKey = {
  readonly value?: string;
  /** Where the key is, for people. */
  readonly place?: string;
  /** The file that has it and nothing else. */
  readonly file?: string;
  /** What its owner should know. */
  readonly warning?: string | undefined;
};

/**
 * The configured key; on the local runtime else the one in the data directory, which is made at the first start; none when
 * the server may be open. Throws ConfigError where there is none and none is made.
 */
export const findApiKey = ({ config, sources }: Pick<LoadedConfig, 'config' | 'sources'>): FoundKey => {
  const { server, local, runtime } = config satisfies Config;
  if (server.apiKey !== undefined) return { value: server.apiKey, place: `the one from ${originOfKey(sources)}` };
  if (server.isInsecure)
    return {
      warning: 'OPENSANDBOX_INSECURE_SERVER=YES and no API key: anyone who reaches the server may use it.',
    };
  if (runtime === 'kubernetes')
    throw new ConfigError([
      'there is no API key. Set OPENSANDBOX_SERVER_API_KEY, or [server] api_key in the file. On Kubernetes none is made: servers of one cluster share it',
    ]);
  const { key, file, warning } = readOrMakeApiKey(local.dataDir);
  return { value: key, place: `in ${file}`, file, warning };
};

const originOfKey = (sources: LoadedConfig['sources']): string => {
  const source = sources.find(({ setting }) => setting === SETTINGS.apiKey);
  return source === undefined ? 'nowhere' : describeOrigin(source.origin);
};
