// Which pods are allocated, by the annotations that OpenSandbox's controller writes.
import { expect, test } from 'vitest';
import type { Pool } from '../../../src/services/pools/pool.ts';
import { allocatedPods, type BatchSandbox } from '../../../src/services/kubernetes/members/allocated-pods.ts';

const pool = { name: 'agents' } as Pool;
const sandbox = (poolRef: string, allocated?: string, released?: string): BatchSandbox => ({
  metadata: {
    annotations: {
      ...(allocated !== undefined && { 'sandbox.opensandbox.io/alloc-status': allocated }),
      ...(released !== undefined && { 'sandbox.opensandbox.io/alloc-release': released }),
    },
  },
  spec: { poolRef },
});

test('The allocated pods of a pool are those that its sandboxes hold and have not released', () => {
  const sandboxes = [
    sandbox('agents', '{"pods":["a","b"]}', '{"pods":["b"]}'),
    sandbox('agents', '{"pods":["c"]}'),
    sandbox('other', '{"pods":["d"]}'),
    sandbox('agents'),
    { metadata: {} },
  ];
  expect([...allocatedPods(pool, sandboxes)]).toEqual(['a', 'c']);
});

test.each(['', 'null', '[]', '{"pods":1}', '{'])(
  'An annotation that cannot be parsed, %j, allocates no pod',
  (text) => {
    expect(allocatedPods(pool, [sandbox('agents', text)]).size).toBe(0);
  },
);
