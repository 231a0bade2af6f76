// Opens the runtime that the configuration names.
import { systemClock } from '../lib/clock.ts';
import { openLocalRuntime } from '../services/local/local-runtime.ts';
import { SimulatedDriver } from '../services/local/simulated/simulated-driver.ts';
import type { RuntimeObserver } from '../services/runtime-observer.ts';
import { unsupportedRuntime, type Runtime } from '../services/runtime.ts';
import type { Config } from './config/settings.ts';

const DOCKER_IS_OPENSANDBOX =
  'The runtime "docker" of this configuration has no pools: use runtime local, driver docker (in a later version; until then the driver simulated).';

export const openRuntime = async (config: Config, observer: RuntimeObserver): Promise<Runtime> => {
  switch (config.runtime) {
    case 'local':
      return openLocalRuntime({
        dataDir: config.local.dataDir,
        createDriver: ({ database, ...parts }) =>
          new SimulatedDriver(database, { ...config.local.simulated, ...parts }),
        clock: systemClock,
        observer,
      });
    case 'docker':
      return unsupportedRuntime(DOCKER_IS_OPENSANDBOX, systemClock);
    case 'kubernetes': {
      // Imported on demand: its library is large.
      const { openKubernetesRuntime } = await import('../services/kubernetes/kubernetes-runtime.ts');
      return openKubernetesRuntime({ ...config.kubernetes, clock: systemClock, observer });
    }
  }
};
