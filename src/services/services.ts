// The list of services: a new resource adds one line.
import { PoolService, type PoolPorts } from './pools/pool-service.ts';
import { PoolStream } from './stream/pool-stream.ts';

export type Services = ReturnType<typeof createServices>;

export const createServices = (ports: PoolPorts) => ({
  pools: new PoolService(ports),
  stream: new PoolStream(ports),
});

type Service = { close?(): Promise<void> };

/** Ends everything that clients of the services wait for, so that their connections can be closed. */
export const closeServices = async (services: object): Promise<void> => {
  await Promise.all(Object.values(services).map(async (service: Service) => service.close?.()));
};
