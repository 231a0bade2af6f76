// The Pool custom resource, and where it is served.
import { z } from 'zod';
import type { Resource } from './resource-client.ts';

const StringMap = z.record(z.string(), z.string());

/** Who wrote which fields last. Source: Kubernetes API, meta/v1 ManagedFieldsEntry. */
const ManagedFields = z.object({
  manager: z.string().optional(),
  /** `status` for writes of the status. */
  subresource: z.string().optional(),
  /** When the manager last changed one of its fields; RFC 3339 in UTC, whole seconds. */
  time: z.string().optional(),
  fieldsV1: z
    .object({ 'f:metadata': z.object({ 'f:annotations': z.record(z.string(), z.unknown()).optional() }).optional() })
    .optional(),
});
export type ManagedFields = z.output<typeof ManagedFields>;

/** A Pool. `spec` and `status` depend on the CRD that is installed: they may contain anything. */
const PoolResource = z.object({
  metadata: z.object({
    uid: z.string(),
    name: z.string(),
    /** A dry run of a create has none. */
    resourceVersion: z.string().default('0'),
    generation: z.number(),
    /** RFC 3339 in UTC, whole seconds. */
    creationTimestamp: z.string(),
    /** Present while the object waits for its finalizers. */
    deletionTimestamp: z.string().optional(),
    labels: StringMap.optional(),
    annotations: StringMap.optional(),
    managedFields: z.array(ManagedFields).optional().catch(undefined),
  }),
  spec: z.unknown().optional(),
  status: z.unknown().optional(),
});
export type PoolResource = z.output<typeof PoolResource>;

/** Source: OpenSandbox's CRD. */
export const POOLS = {
  group: 'sandbox.opensandbox.io',
  version: 'v1alpha1',
  plural: 'pools',
  kind: 'Pool',
  schema: PoolResource,
} as const satisfies Resource<PoolResource> & { kind: string };
