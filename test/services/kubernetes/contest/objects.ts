// Pools and pods as an API server stores them, with their writers.
import { PODS, type Pod } from '../../../../src/services/kubernetes/members/pod.ts';
import { POOLS, type PoolResource } from '../../../../src/services/kubernetes/resource/pool-resource.ts';
import { rfc3339 } from '../../../../src/lib/clock.ts';
import { capacity } from '../../../support/pools.ts';

export type PoolTraits = {
  atMs?: number;
  isMarked?: boolean;
  hasManagedFields?: boolean;
  markedBy?: string;
  markedAtMs?: number;
  statusBy?: string;
  statusAtMs?: number;
};

/** Kubernetes writes whole seconds. */
const inSeconds = (ms: number) => rfc3339(Math.floor(ms / 1_000) * 1_000);

/** The pool "a" with the uid "u". */
export const poolResource = (traits: PoolTraits): PoolResource => {
  const { atMs = 0, isMarked = true, hasManagedFields = true, markedBy = 'warmpool', markedAtMs = atMs } = traits;
  const annotations = isMarked ? { 'warmpool.dev/controller': 'warmpool' } : {};
  const mark = {
    manager: markedBy,
    time: inSeconds(markedAtMs),
    fieldsV1: { 'f:metadata': { 'f:annotations': { '.': {}, 'f:warmpool.dev/controller': {} } } },
  };
  const status = { manager: traits.statusBy, subresource: 'status', time: inSeconds(traits.statusAtMs ?? atMs) };
  return POOLS.schema.parse({
    metadata: {
      uid: 'u',
      name: 'a',
      resourceVersion: '2',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      annotations,
      ...(hasManagedFields && {
        managedFields: [...(isMarked ? [mark] : []), ...(traits.statusBy === undefined ? [] : [status])],
      }),
    },
    spec: { capacitySpec: capacity() },
  });
};

/** A pod of that pool as OpenSandbox's controller creates it. */
export const podOf = (name: string, createdAtMs: number, { owner = 'u' } = {}): Pod =>
  PODS.schema.parse({
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: '3',
      creationTimestamp: inSeconds(createdAtMs),
      labels: { 'sandbox.opensandbox.io/pool-name': 'a', 'sandbox.opensandbox.io/pool-revision': 'r1' },
      ownerReferences: [{ uid: owner, controller: true }],
    },
  });
