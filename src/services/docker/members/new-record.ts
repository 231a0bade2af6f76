// The record of a member that is about to be created, or to be launched again.
import type { MemberOrder } from '../../controller/ports.ts';
import type { MemberPlan } from '../template/member-plan.ts';
import { canPublish, type Placement } from './container-spec.ts';
import type { HostPorts } from './host-ports.ts';
import type { MemberRecord, PublishedPort } from './member-record.ts';

type NewMember = {
  readonly order: MemberOrder;
  readonly plan: MemberPlan;
  readonly placement: Placement;
  readonly hostPorts: HostPorts;
  readonly nowMs: number;
};

export const newRecord = ({ order, plan, placement, hostPorts, nowMs }: NewMember): MemberRecord => ({
  order,
  stage: 'launching',
  launch: 1,
  ports: publishedPorts(plan, canPublish(placement, plan) ? hostPorts : undefined),
  graceSeconds: plan.terminationGracePeriodSeconds,
  createdAtMs: nowMs,
  startingSinceMs: nowMs,
  isReady: false,
  hasBeenReady: false,
  restarts: 0,
  launchRestarts: 0,
});

/** What a restart changes. Names and host ports stay. */
export const nextLaunch = ({ launch }: MemberRecord, nowMs: number): Partial<MemberRecord> => ({
  stage: 'launching',
  launch: launch + 1,
  startingSinceMs: nowMs,
  isReady: false,
  readyAtMs: undefined,
  hasBeenReady: false,
  launchRestarts: 0,
  message: undefined,
});

/** The containers share one network: a port that two of them declare is one port. */
const publishedPorts = ({ containers }: MemberPlan, hostPorts: HostPorts | undefined): PublishedPort[] => {
  const declared = new Map(
    containers.flatMap(({ ports }) => ports.map((port) => [`${port.containerPort}/${port.protocol}`, port])),
  );
  const taken = hostPorts?.takeAll(declared.size);
  return Array.from(declared.values(), ({ host: _, ...port }, index) => {
    const hostPort = taken?.[index];
    return { ...port, ...(hostPort !== undefined && { hostPort }) };
  });
};
