// A Lease, as the checker reads it: who leads and since when, and which claim a key is committed to.
import { z } from 'zod';

/** Renewed by the leader every few seconds. */
export const LEADER_LEASE = 'warmpool-leader';
export const KEY_LEASE_PREFIX = 'warmpool-key-';

const LeaseVersion = z
  .looseObject({
    metadata: z.looseObject({
      name: z.string(),
      uid: z.string(),
      resourceVersion: z.string(),
      creationTimestamp: z.string(),
    }),
    spec: z.looseObject({ holderIdentity: z.string().nullish(), renewTime: z.string().nullish() }).prefault({}),
  })
  .transform((lease) => ({
    metadata: lease.metadata,
    createdAtMs: Date.parse(lease.metadata.creationTimestamp),
    holder: lease.spec.holderIdentity ?? '',
    renewedAtMs: lease.spec.renewTime ? Date.parse(lease.spec.renewTime) : undefined,
    content: JSON.stringify(lease),
  }));
export type LeaseVersion = z.output<typeof LeaseVersion>;

export const LEASE_VERSIONS = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  schema: LeaseVersion,
};
