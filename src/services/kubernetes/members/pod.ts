// The fields of a pod that say something about a member. Source: Kubernetes API, core/v1 Pod.
import { z } from 'zod';

const Text = z.string().optional();
const Terminated = z.object({ exitCode: z.number(), reason: Text, message: Text });
const State = z.object({
  waiting: z.object({ reason: Text, message: Text }).optional(),
  terminated: Terminated.optional(),
});
const Container = z.object({ name: z.string(), restartCount: z.number().default(0), state: State.default({}) });
const Condition = z.object({
  type: z.string(),
  status: z.string(),
  message: Text,
  lastTransitionTime: Text.nullable(),
});

const Pod = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: Text,
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ uid: z.string(), controller: z.boolean().optional() })).default([]),
  }),
  spec: z.object({ nodeName: Text }).default({}),
  status: z
    .object({
      phase: Text,
      podIP: Text,
      message: Text,
      conditions: z.array(Condition).default([]),
      initContainerStatuses: z.array(Container).default([]),
      containerStatuses: z.array(Container).default([]),
    })
    .prefault({}),
});
export type Pod = z.output<typeof Pod>;
export type Container = z.output<typeof Container>;

export const PODS = { group: '', version: 'v1', plural: 'pods', schema: Pod };
