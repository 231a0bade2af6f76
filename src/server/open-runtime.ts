// Opens the runtime that the configuration names.
import { systemClock } from '../lib/clock.ts';
import type { MemberDriver } from '../services/controller/ports.ts';
import { openLocalRuntime, type DriverParts } from '../services/local/local-runtime.ts';
import { discardMembers } from '../services/local/sqlite/stored-members.ts';
import { SimulatedDriver } from '../services/local/simulated/simulated-driver.ts';
import type { RuntimeObserver } from '../services/runtime-observer.ts';
import { unsupportedRuntime, type Runtime } from '../services/runtime.ts';
import type { Config } from './config/settings.ts';

const DOCKER_IS_OPENSANDBOX =
  'The runtime "docker" of this configuration has no pools: use runtime local, driver docker.';

type DriverName = Config['local']['driver'];

type CreateDriver = (local: Config['local'], parts: DriverParts) => MemberDriver | Promise<MemberDriver>;

const DRIVERS: Record<DriverName, CreateDriver> = {
  simulated: (local, { database, ...parts }) => new SimulatedDriver(database, { ...local.simulated, ...parts }),
  docker: async (local, { database, ...parts }) => {
    // Imported on demand: its library is large.
    const { DockerDriver } = await import('../services/docker/docker-driver.ts');
    return DockerDriver.open(database, { ...local.docker, ...parts });
  },
};

const OTHER: Record<DriverName, DriverName> = { simulated: 'docker', docker: 'simulated' };

const createDriver = async (local: Config['local'], parts: DriverParts, observer: RuntimeObserver) => {
  const driver = await DRIVERS[local.driver](local, parts);
  // Only now: a start that fails changes nothing.
  const other = OTHER[local.driver];
  const discarded = discardMembers(parts.database, `${other}_members`);
  if (discarded > 0) observer.membersDiscarded(other, discarded);
  return driver;
};

export const openRuntime = async (config: Config, observer: RuntimeObserver): Promise<Runtime> => {
  switch (config.runtime) {
    case 'local':
      return openLocalRuntime({
        dataDir: config.local.dataDir,
        maxLifetimeSeconds: config.claims.maxLifetimeSeconds,
        createDriver: (parts) => createDriver(config.local, parts, observer),
        clock: systemClock,
        observer,
      });
    case 'docker':
      return unsupportedRuntime(DOCKER_IS_OPENSANDBOX, systemClock, observer);
    case 'kubernetes': {
      // Imported on demand: its library is large.
      const { openKubernetesRuntime } = await import('../services/kubernetes/kubernetes-runtime.ts');
      const { maxLifetimeSeconds } = config.claims;
      return openKubernetesRuntime({ ...config.kubernetes, maxLifetimeSeconds, clock: systemClock, observer });
    }
  }
};
