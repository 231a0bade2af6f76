// Which driver starts and stops the members of the local runtime.
import type { Clock } from '../../lib/clock.ts';
import type { MemberDriver } from '../controller/ports.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { SimulatedDriver } from './simulated/simulated-driver.ts';
import type { Database } from './sqlite/database.ts';

type DriverSettings = {
  readonly driver: keyof typeof DRIVERS;
  readonly simulated?: { readonly startSeconds?: number; readonly failureRate?: number; readonly membersMax?: number };
};

/** What a driver gets from the runtime. */
export type DriverParts = {
  readonly database: Database;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'driverFailed'>;
};

/** By the names of the configuration. */
const DRIVERS = {
  simulated: ({ simulated }: DriverSettings, { database, clock, observer }: DriverParts): MemberDriver =>
    new SimulatedDriver(database, { ...simulated, clock, observer }),
};

export const createDriver = (settings: DriverSettings) => (parts: DriverParts) =>
  DRIVERS[settings.driver](settings, parts);
