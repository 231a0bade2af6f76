// The fields of a pod that say something about a member. Source: Kubernetes API, core/v1 Pod.
import { z } from 'zod';

const ContainerState = z.object({ reason: z.string().optional(), message: z.string().optional() });

const ContainerStatus = z.object({
  name: z.string(),
  restartCount: z.number().default(0),
  state: z
    .object({
      waiting: ContainerState.optional(),
      terminated: ContainerState.extend({ exitCode: z.number() }).optional(),
    })
    .optional(),
});
export type ContainerStatus = z.output<typeof ContainerStatus>;

const Pod = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ uid: z.string(), controller: z.boolean().optional() })).default([]),
  }),
  spec: z.object({ nodeName: z.string().optional() }).optional(),
  status: z
    .object({
      phase: z.string().optional(),
      podIP: z.string().optional(),
      message: z.string().optional(),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            message: z.string().optional(),
            /** Null where it is unknown. */
            lastTransitionTime: z.string().nullish(),
          }),
        )
        .default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
      initContainerStatuses: z.array(ContainerStatus).default([]),
    })
    .prefault({}),
});
export type Pod = z.output<typeof Pod>;

export const PODS = { group: '', version: 'v1', plural: 'pods', schema: Pod };
