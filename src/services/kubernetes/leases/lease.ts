// The Lease of Kubernetes, and where it is served. Source: Kubernetes API, coordination/v1 Lease.
import { z } from 'zod';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { Resource, ResourceClient } from '../resource/resource-client.ts';

const StringMap = z.record(z.string(), z.string());

const Lease = z.object({
  metadata: z.object({
    uid: z.string(),
    name: z.string(),
    resourceVersion: z.string(),
    labels: StringMap.optional(),
    annotations: StringMap.optional(),
  }),
  spec: z
    .object({
      /** Empty after it was given back. */
      holderIdentity: z.string().optional(),
      leaseDurationSeconds: z.number().optional(),
      /** When the holder took it, as the holder's clock has it: never to be compared with another clock. */
      acquireTime: z.string().optional(),
      /** As `acquireTime`. */
      renewTime: z.string().optional(),
      /** How often it went from one holder to another. */
      leaseTransitions: z.number().optional(),
    })
    .default({}),
});
export type Lease = z.output<typeof Lease>;

export const LEASES = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  schema: Lease,
} as const satisfies Resource<Lease> & { kind: string };

/** The calls on single Leases. */
export type LeaseClient = Pick<ResourceClient<Lease>, 'get' | 'create' | 'patch' | 'delete'>;

/** A Lease to create. */
export const toLeaseManifest = (metadata: object, spec: Lease['spec']) => ({
  apiVersion: `${LEASES.group}/${LEASES.version}`,
  kind: LEASES.kind,
  metadata,
  spec,
});

/** A time, epoch milliseconds, as MicroTime: the API server rejects another number of decimals than six. */
export const microTime = (epochMs: number): string => new Date(epochMs).toISOString().replace('Z', '000Z');

/** Why a Lease cannot be used. Throws an error that is not of the API server: that is a defect. */
export const leaseProblem = (name: string, error: unknown): string => {
  if (!(error instanceof WarmpoolError)) throw error;
  const fix = error.code === 'KUBERNETES::FORBIDDEN' ? '. Apply the Role of deploy/server.yaml.' : '';
  return `The Lease "${name}" cannot be read or written: ${error.message}${fix}`;
};
