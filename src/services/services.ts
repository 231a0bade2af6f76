// The list of services: a new resource adds one line.
import { ClaimService } from './claims/claim-service.ts';
import type { ClaimPorts } from './claims/ports.ts';
import { HistoryService } from './history/history-service.ts';
import type { HistoryPorts } from './history/ports.ts';
import { PoolService, type PoolPorts } from './pools/pool-service.ts';
import { PoolStream } from './stream/pool-stream.ts';

export type Services = ReturnType<typeof createServices>;

/** What the services need from a runtime. */
export type ServicePorts = PoolPorts & ClaimPorts & HistoryPorts;

export const createServices = (ports: ServicePorts) => {
  const history = new HistoryService(ports);
  return {
    pools: new PoolService(ports),
    claims: new ClaimService({ ...ports, observer: history.counting(ports.observer) }),
    history,
    stream: new PoolStream(ports),
  };
};

type Service = { close?(): Promise<void> };

/** Ends everything that clients of the services wait for, so that their connections can be closed. */
export const closeServices = async (services: object): Promise<void> => {
  await Promise.all(Object.values(services).map(async (service: Service) => service.close?.()));
};
