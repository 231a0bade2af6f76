// Which driver starts and stops the members of the local runtime.
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../lib/clock.ts';
import type { MemberDriver } from '../controller/ports.ts';
import { SimulatedDriver } from './simulated/simulated-driver.ts';

type DriverSettings = {
  readonly driver: keyof typeof DRIVERS;
  readonly simulated?: { readonly startSeconds?: number; readonly failureRate?: number; readonly membersMax?: number };
};

/** What a driver gets from the runtime. */
export type DriverParts = {
  readonly database: DatabaseSync;
  readonly clock: Clock;
  /** Called when the change of a member failed, with the wait before the next try. */
  readonly onError: (poolUid: string, error: unknown, retryMs: number) => void;
};

/** By the names of the configuration. */
const DRIVERS = {
  simulated: ({ simulated }: DriverSettings, { database, clock, onError }: DriverParts): MemberDriver =>
    new SimulatedDriver(database, { ...simulated, clock, onError }),
};

export const createDriver = (settings: DriverSettings) => (parts: DriverParts) =>
  DRIVERS[settings.driver](settings, parts);
