// A Warmpool of its own process for benchmarks. Its log goes to /dev/null, as it would to a file.
import { openSync } from 'node:fs';
import { createLogger } from '../src/server/logger.ts';
import { loadConfig } from '../src/server/config/load-config.ts';
import { startServer } from '../src/server/start-server.ts';
import type { Started, Usage } from './child.ts';

/** With a kubeconfig the server runs on that cluster. */
type Order = { dataDir: string; apiKey: string; kubeconfig?: string };

process.once('message', ({ dataDir, apiKey, kubeconfig }: Order) => {
  const runtime = kubeconfig === undefined ? 'local' : 'kubernetes';
  const { config } = loadConfig({
    flags: { port: '0', dataDir, runtime },
    env: { KUBECONFIG: kubeconfig },
    homeDir: dataDir,
  });
  const logger = createLogger('info', openSync('/dev/null', 'w'));
  void startServer({ config, apiKey, logger }).then((server) => {
    // From the start of the process: imports count.
    process.send?.({ url: server.url, startMs: performance.now() } satisfies Started);
    process.on('message', () => {
      const { user, system } = process.cpuUsage();
      process.send?.({ rssMb: process.memoryUsage.rss() / 1e6, cpuSeconds: (user + system) / 1e6 } satisfies Usage);
    });
    process.once('SIGTERM', () => {
      void server.stop().then(() => process.exit());
    });
  });
});
