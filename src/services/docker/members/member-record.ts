// What the driver knows of a member beyond what Docker knows: the order, how far it was carried out, and the host ports.
import type { MemberPort } from '../../../contract/member.ts';
import type { DriverMember, MemberOrder } from '../../controller/ports.ts';

/** A declared port, with the port of the host that it is published on. */
export type PublishedPort = Omit<MemberPort, 'host'> & { readonly hostPort?: number };

/** Times are epoch milliseconds. */
export type MemberRecord = {
  readonly order: MemberOrder;
  /**
   * `launching`: missing containers are created. `running`: all of them ran; a missing one is the member's end. `failed`:
   * nothing more is done until it is stopped. `stopping`: everything is being removed, by `stopByMs` at the latest.
   */
  readonly stage: 'launching' | 'running' | 'failed' | 'stopping';
  /** Incremented by `restart`. */
  readonly launch: number;
  readonly ports: readonly PublishedPort[];
  /** How long its processes may take to end when it is stopped. */
  readonly graceSeconds: number;
  readonly createdAtMs: number;
  readonly startingSinceMs: number;
  readonly isReady: boolean;
  /** When it last became ready; absent until its first time since the launch. */
  readonly readyAtMs?: number | undefined;
  /** Whether it has been ready for a while since the launch: from then on, restarts no longer make it fail. */
  readonly hasBeenReady: boolean;
  /** Restarts of its containers: in total, and since the launch. */
  readonly restarts: number;
  readonly launchRestarts: number;
  readonly stopByMs?: number | undefined;
  readonly address?: string | undefined;
  readonly message?: string | undefined;
};

/** Ports are published on the loopback only: nothing reaches a sandbox from outside the machine. */
export const HOST_IP = '127.0.0.1';

export const toDriverMember = (record: MemberRecord): DriverMember => {
  const { order, createdAtMs, startingSinceMs, isReady, readyAtMs, restarts, address, message, ports } = record;
  const { template: _, ...identity } = order;
  return {
    ...identity,
    phase: phaseOf(record),
    createdAtMs,
    startingSinceMs,
    restarts,
    ...(isReady && readyAtMs !== undefined && { readyAtMs }),
    ...(address !== undefined && { address }),
    ...(message !== undefined && { message }),
    ...(ports.length > 0 && { ports: ports.map(toMemberPort) }),
  };
};

const phaseOf = ({ stage, isReady }: MemberRecord): DriverMember['phase'] => {
  if (stage === 'stopping') return 'terminating';
  if (stage === 'failed') return 'failed';
  return isReady ? 'ready' : 'starting';
};

const toMemberPort = ({ hostPort, ...port }: PublishedPort): MemberPort => ({
  ...port,
  ...(hostPort !== undefined && { host: `${HOST_IP}:${hostPort}` }),
});
