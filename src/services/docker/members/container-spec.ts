// The containers of a member in the order in which they start, and what each is created from.
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { ContainerPlan, MemberPlan } from '../template/member-plan.ts';
import { memberLabels, type Role } from './labels.ts';
import { HOST_IP, type MemberRecord } from './member-record.ts';

export type ContainerSpec = { readonly plan: ContainerPlan; readonly role: Exclude<Role, 'volume'> };

export const containerSpecs = ({ initContainers, containers }: MemberPlan): ContainerSpec[] => [
  ...initContainers.map((plan) => ({ plan, role: 'init' as const })),
  ...containers.map((plan, index) => ({ plan, role: index === 0 ? ('main' as const) : ('joined' as const) })),
];

/** Where containers are created: for which data directory, and in which network. */
export type Placement = { readonly instance: string; readonly network: string };

/** The data directory's id is part of it: Docker has one namespace for the volumes of all its clients. */
export const volumeName = ({ instance }: Placement, { order }: MemberRecord, volume: string): string =>
  `warmpool-${instance}-${order.name}-${volume}`;

const NANOS_PER_CORE = 1e9;
/** Docker's weight of one core, and the least that it accepts. */
const SHARES_PER_CORE = 1_024;
const SHARES_MIN = 2;

/** Whether the member has the network of the host, and thereby its addresses. */
export const isOnHost = ({ network }: Placement, { hostNetwork }: MemberPlan): boolean =>
  hostNetwork || network === 'host';

/** The network of the host, or none, has no ports to publish. */
export const canPublish = (placement: Placement, plan: MemberPlan): boolean =>
  !isOnHost(placement, plan) && placement.network !== 'none';

/** `mainId` is the container whose network a `joined` one shares. */
export const createOptions = (
  placement: Placement,
  record: MemberRecord,
  member: MemberPlan,
  { plan, role, mainId }: ContainerSpec & { readonly mainId: string | undefined },
): ContainerCreateOptions => {
  const { command, args, workingDir, env, security } = plan;
  const { name } = record.order;
  const isJoined = role === 'joined';
  const ports = role === 'main' ? portOptions(record) : undefined;
  return {
    name: role === 'main' ? name : `${name}.${plan.name}`,
    Image: plan.image,
    ...(command && { Entrypoint: [...command] }),
    ...(args && { Cmd: [...args] }),
    ...(workingDir !== undefined && { WorkingDir: workingDir }),
    Env: env.map((variable) => `${variable.name}=${variable.value}`),
    ...(security.runAsUser !== undefined && {
      User: [security.runAsUser, security.runAsGroup].filter((id) => id !== undefined).join(':'),
    }),
    // The host's network has the host's name, and a joined one that of the main container.
    ...(!isJoined && !member.hostNetwork && { Hostname: member.hostname ?? name }),
    Labels: {
      ...member.annotations,
      ...member.labels,
      ...memberLabels(placement.instance, record, { name: plan.name, role }),
    },
    ...(ports && { ExposedPorts: ports.exposed }),
    HostConfig: {
      ...hostConfig(plan),
      NetworkMode: isJoined ? `container:${mainId ?? name}` : member.hostNetwork ? 'host' : placement.network,
      ...(member.hostPID && { PidMode: 'host' }),
      ...(member.hostIPC && { IpcMode: 'host' }),
      ...(ports && { PortBindings: ports.bindings }),
      Mounts: plan.mounts.map(({ volume, path, readOnly }) => ({
        Type: 'volume',
        Source: volumeName(placement, record, volume),
        Target: path,
        ReadOnly: readOnly,
        // Otherwise Docker fills an empty volume with what the image has there.
        VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: 'local', Options: {} } },
      })),
    },
  };
};

const hostConfig = ({ resources, security }: ContainerPlan): HostConfig => {
  const { cpuLimit, cpuRequest, memoryLimit, memoryRequest } = resources;
  return {
    ...(cpuLimit !== undefined && { NanoCpus: Math.round(cpuLimit * NANOS_PER_CORE) }),
    ...(cpuRequest !== undefined && { CpuShares: Math.max(SHARES_MIN, Math.round(cpuRequest * SHARES_PER_CORE)) }),
    ...(memoryLimit !== undefined && { Memory: memoryLimit }),
    ...(memoryRequest !== undefined && { MemoryReservation: memoryRequest }),
    ReadonlyRootfs: security.readOnlyRootFilesystem,
    CapAdd: [...security.capabilitiesAdd],
    CapDrop: [...security.capabilitiesDrop],
    Privileged: security.privileged,
    SecurityOpt: security.allowPrivilegeEscalation ? [] : ['no-new-privileges'],
    // The driver restarts containers itself: it counts, and knows which ones somebody stopped.
    RestartPolicy: { Name: 'no' },
  };
};

const portOptions = ({ ports }: MemberRecord) => {
  const exposed: Record<string, object> = {};
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { containerPort, protocol, hostPort } of ports) {
    const key = `${containerPort}/${protocol.toLowerCase()}`;
    exposed[key] = {};
    if (hostPort !== undefined) bindings[key] = [{ HostIp: HOST_IP, HostPort: String(hostPort) }];
  }
  return { exposed, bindings };
};
