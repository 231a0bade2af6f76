// What the members of one driver share.
import type Docker from 'dockerode';
import type { Clock } from '../../../lib/clock.ts';
import type { Semaphore } from '../../../lib/semaphore.ts';
import type { MemberOrder } from '../../controller/ports.ts';
import type { RuntimeObserver } from '../../runtime-observer.ts';
import type { ProbeRunner } from '../probes/probe-runner.ts';
import type { MemberPlan } from '../template/member-plan.ts';
import type { Placement } from './container-spec.ts';
import type { HostPorts } from './host-ports.ts';
import type { MemberRecord } from './member-record.ts';

export type MemberContext = {
  /** Its calls end after a bounded time. */
  readonly docker: Docker;
  /** For calls that take as long as a container: each one has a signal that ends it. */
  readonly longCalls: Docker;
  readonly placement: Placement;
  readonly planOf: (template: MemberOrder['template']) => MemberPlan;
  readonly hostPorts: HostPorts;
  readonly probes: ProbeRunner;
  /** Bounds the calls to the daemon that only read. */
  readonly reads: Semaphore;
  /** Bounds the calls to the daemon that create, start and remove: more at once make each of them slower. */
  readonly writes: Semaphore;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'driverFailed'>;
  /** Aborts when the driver closes. */
  readonly closing: AbortSignal;
  /** Stores a record and reports it; without a record, the member is gone. */
  readonly store: (name: string, record: MemberRecord | undefined) => void;
};
