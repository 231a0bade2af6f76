// A change as a JSON Patch: tests of the values that it was computed from, then each changed field entirely.
import { expect, test } from 'vitest';
import { toJsonPatch, toManifest } from '../../../src/services/kubernetes/resource/write-pool.ts';
import type { Pool, StoredSpecification } from '../../../src/services/pools/pool.ts';
import { capacity, specification, template } from '../../support/pools.ts';

const stored: StoredSpecification = specification({
  capacitySpec: capacity(),
  labels: { a: '1' },
  scaleStrategy: { maxUnavailable: 1 },
});
const pool: Pool = {
  uid: 'u',
  name: 'agents',
  createdAt: '2026-01-01T00:00:00Z',
  generation: 3,
  resourceVersion: '7',
  specification: stored,
};
const tests = [
  { op: 'test', path: '/metadata/uid', value: 'u' },
  { op: 'test', path: '/metadata/generation', value: 3 },
];

test('The patch of an update that changes nothing has tests only', () => {
  expect(toJsonPatch(pool, { specification: stored, touchesMetadata: false })).toEqual(tests);
});

test('A patch adds changed fields entirely and removes those that are gone', () => {
  const { scaleStrategy: _removed, ...rest } = stored;
  expect(
    toJsonPatch(pool, { specification: { ...rest, capacitySpec: capacity(2, 5) }, touchesMetadata: false }),
  ).toEqual([
    ...tests,
    { op: 'add', path: '/spec/capacitySpec', value: capacity(2, 5) },
    { op: 'remove', path: '/spec/scaleStrategy' },
  ]);
});

test('An update that touches metadata tests labels and annotations, even where they do not change', () => {
  expect(toJsonPatch(pool, { specification: { ...stored, annotations: { b: '2' } }, touchesMetadata: true })).toEqual([
    ...tests,
    { op: 'test', path: '/metadata/labels', value: { a: '1' } },
    { op: 'test', path: '/metadata/annotations', value: null },
    { op: 'add', path: '/metadata/annotations', value: { b: '2' } },
  ]);
});

test('The patch of a pool stored without a specification has the entire one', () => {
  const { labels, annotations } = stored;
  const bare = { labels, annotations } as StoredSpecification;
  expect(
    toJsonPatch(
      { ...pool, specification: bare },
      { specification: { ...bare, capacitySpec: capacity(2, 5) }, touchesMetadata: false },
    ),
  ).toEqual([...tests, { op: 'add', path: '/spec', value: { capacitySpec: capacity(2, 5) } }]);
});

test('A manifest has metadata and specification, and nothing else', () => {
  expect(toManifest('agents', stored)).toEqual({
    apiVersion: 'sandbox.opensandbox.io/v1alpha1',
    kind: 'Pool',
    metadata: { name: 'agents', labels: { a: '1' }, annotations: {} },
    spec: { template: template(), capacitySpec: capacity(), scaleStrategy: { maxUnavailable: 1 } },
  });
});
