// The servers that share a namespace, and the callers in all their lines.
import type { Clock } from '../../../lib/clock.ts';
import type { MemberTable } from '../../controller/member-table.ts';
import { Reflector } from '../cache/reflector.ts';
import { SyncStatus } from '../cache/sync-status.ts';
import type { Lease } from '../leases/lease.ts';
import { ownPod, serverIdentity } from '../leases/server-identity.ts';
import { SERVER_LEASES_SELECTOR, ServerLease } from '../leases/server-lease.ts';
import { ServerLeases } from '../leases/server-leases.ts';
import type { PodTable } from '../pods/pod-table.ts';
import type { ResourceClient } from '../resource/resource-client.ts';
import { selected } from '../resource/selected.ts';
import { Demand } from './demand.ts';
import { preferOwnShare } from './own-share.ts';
import { WaitingCallers } from './waiting-callers.ts';

type ServersOptions = {
  readonly leases: ResourceClient<Lease>;
  readonly namespace: string;
  readonly members: MemberTable;
  readonly pods: PodTable;
  readonly clock: Clock;
  readonly watchSeconds?: number | undefined;
};

export const openServers = ({ leases, namespace, members, pods, clock, watchSeconds }: ServersOptions) => {
  const identity = serverIdentity(process.env);
  const own = new ServerLease({ leases, identity, pod: ownPod(process.env, namespace), clock });
  const servers = new ServerLeases({ own, clock });
  const reflector = new Reflector({
    listWatch: selected(leases, SERVER_LEASES_SELECTOR),
    store: servers,
    status: new SyncStatus(clock, () => undefined),
    watchSeconds,
  });
  preferOwnShare(members, servers, identity);
  const demand = new Demand({ members, servers, pods });
  const callers = new WaitingCallers((waiting) => {
    own.publish(waiting);
    demand.update();
  });
  return {
    /** How this server names itself to the others. */
    identity,
    servers,
    callers,
    /** Why this server cannot tell the others about itself; undefined while it can. */
    problem: (): string | undefined => own.problem,
    start: (): void => {
      reflector.start();
      own.start();
    },
    stop: async (): Promise<void> => {
      await own.stop();
      await reflector.stop();
      servers.close();
    },
  };
};
