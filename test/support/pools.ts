// Pools for tests.
import type { Pool, StoredSpecification } from '../../src/services/pools/pool.ts';

export const capacity = (bufferMin = 1, bufferMax = 3, poolMin = 0, poolMax = 10) => ({
  bufferMax,
  bufferMin,
  poolMax,
  poolMin,
});

export const template = (image = 'busybox:1') => ({ spec: { containers: [{ name: 'sandbox', image }] } });

/** The writable fields of a pool except its name. Without `capacitySpec` its desired size is 0. */
export const specification = (more: Partial<Omit<StoredSpecification, 'template' | 'recycleStrategy'>> = {}) => ({
  template: template(),
  capacitySpec: capacity(0, 0),
  labels: {},
  annotations: {},
  ...more,
});

export const poolNamed = (name: string, more: object = {}) => ({
  name,
  template: template(),
  capacitySpec: capacity(0, 0),
  ...more,
});

/** A snapshot as a store has it. */
export const storedPool = (name: string, labels: Readonly<Record<string, string>> = {}): Pool => ({
  uid: name,
  name,
  createdAt: '2026-01-01T00:00:00Z',
  generation: 1,
  resourceVersion: '1',
  specification: { capacitySpec: capacity(), labels, annotations: {} },
});
