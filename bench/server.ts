// A Warmpool server in a process of its own, for benchmarks. Its log goes to /dev/null, as it would to a file.
import { openSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createLogger } from '../src/server/logger.ts';
import { loadConfig } from '../src/server/config/load-config.ts';
import { startServer } from '../src/server/start-server.ts';
import type { Health, Started, Usage } from './child.ts';

/** With a kubeconfig the server runs on that cluster. */
type Order = { dataDir: string; apiKey: string; kubeconfig?: string; controller?: string; config?: string };

/** What may be asked. The first `health` begins to watch the event loop, which costs a little. */
export type ServerQuestion = 'usage' | 'health';

const usage = (): Usage => {
  const { user, system } = process.cpuUsage();
  return { rssMb: process.memoryUsage.rss() / 1e6, cpuSeconds: (user + system) / 1e6 };
};

const delays = monitorEventLoopDelay({ resolution: 5 });

const health = (): Health => {
  const maxDelayMs = Math.round(delays.max / 1e6);
  delays.disable();
  globalThis.gc?.();
  delays.reset();
  delays.enable();
  return { ...usage(), heapMb: process.memoryUsage().heapUsed / 1e6, maxDelayMs };
};

process.once('message', ({ dataDir, apiKey, kubeconfig, controller, config: file }: Order) => {
  const runtime = kubeconfig === undefined ? 'local' : 'kubernetes';
  const { config } = loadConfig({
    flags: { port: '0', dataDir, runtime, controller, config: file },
    env: { KUBECONFIG: kubeconfig },
    homeDir: dataDir,
  });
  const logger = createLogger('info', openSync('/dev/null', 'w'));
  void startServer({ config, apiKey, logger }).then((server) => {
    // From the start of the process: imports count.
    process.send?.({ url: server.url, startMs: performance.now() } satisfies Started);
    process.on('message', (question: ServerQuestion) => {
      process.send?.(question === 'health' ? health() : usage());
    });
    process.once('SIGTERM', () => {
      void server.stop().then(() => process.exit());
    });
  });
});
