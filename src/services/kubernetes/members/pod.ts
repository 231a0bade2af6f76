// The fields of a pod that say something about a member. Source: Kubernetes API, core/v1 Pod.
import { z } from 'zod';

const OptionalString = z.string().optional();
const ContainerStateTerminated = z.object({ exitCode: z.number(), reason: OptionalString, message: OptionalString });
const ContainerState = z.object({
  waiting: z.object({ reason: OptionalString, message: OptionalString }).optional(),
  terminated: ContainerStateTerminated.optional(),
});
const ContainerStatus = z.object({
  name: z.string(),
  restartCount: z.number().default(0),
  containerID: OptionalString,
  state: ContainerState.default({}),
});
const PodCondition = z.object({
  type: z.string(),
  status: z.string(),
  reason: OptionalString,
  message: OptionalString,
  lastTransitionTime: OptionalString.nullable(),
});

const ContainerPort = z.object({
  containerPort: z.int(),
  name: OptionalString,
  protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
});

const Pod = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: OptionalString,
    finalizers: z.array(z.string()).default([]),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ uid: z.string(), controller: z.boolean().optional() })).default([]),
  }),
  spec: z
    .object({
      nodeName: OptionalString,
      containers: z.array(z.object({ ports: z.array(ContainerPort).default([]) })).default([]),
      initContainers: z.array(z.object({ name: z.string(), restartPolicy: OptionalString })).default([]),
      restartPolicy: z.string().default('Always'),
      shareProcessNamespace: z.boolean().default(false),
      hostPID: z.boolean().default(false),
    })
    .prefault({}),
  status: z
    .object({
      phase: OptionalString,
      podIP: OptionalString,
      reason: OptionalString,
      message: OptionalString,
      conditions: z.array(PodCondition).default([]),
      initContainerStatuses: z.array(ContainerStatus).default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
    })
    .prefault({}),
});
export type Pod = z.output<typeof Pod>;
export type ContainerStatus = z.output<typeof ContainerStatus>;

export const PODS = { group: '', version: 'v1', plural: 'pods', schema: Pod };
