// Where the server's API key comes from: the configuration, or on the local runtime the data directory.
import { StartupError } from '../services/startup-error.ts';
import { readOrCreateApiKey, type FoundApiKey } from './data-dir/api-key.ts';
import type { LoadedConfig } from './config/load-config.ts';

type FoundKey = Partial<FoundApiKey> & {
  /** Where the key is, for people. */
  readonly place?: string;
};

/**
 * The configured key, else on the local runtime the one in the data directory, created at the first start.
 * None if the server may be open. Throws StartupError if there is none and none is created.
 */
export const findApiKey = ({ config: { server, local, runtime }, applied }: LoadedConfig): FoundKey => {
  if (server.apiKey !== undefined) {
    const origin = applied.find(({ setting }) => setting.name === '[server] api_key')?.origin ?? '';
    return { key: server.apiKey, place: `from ${origin}` };
  }
  if (server.isInsecure)
    return { warning: 'OPENSANDBOX_INSECURE_SERVER=YES and no API key: anyone who can reach the server can use it.' };
  if (runtime === 'kubernetes')
    throw new StartupError(
      'There is no API key. Set OPENSANDBOX_SERVER_API_KEY, or [server] api_key in the file. On Kubernetes none is created, because the servers of a cluster share it.',
    );
  const found = readOrCreateApiKey(local.dataDir);
  return { ...found, place: `in ${found.file}` };
};
