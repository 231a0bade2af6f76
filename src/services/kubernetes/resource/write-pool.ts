// Pools on their way to the API server: the manifest of a new one, and a change as a JSON Patch.
import { definedFields } from '../../../lib/json.ts';
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import type { SpecificationChange } from '../../pools/ports.ts';
import { changedFields } from '../../pools/specification.ts';
import { POOLS } from './pool-resource.ts';
import type { PatchOperation } from './resource-client.ts';

/** Metadata and specification only: the controller owns the status. */
export const toManifest = (name: string, specification: StoredSpecification) => ({
  apiVersion: `${POOLS.group}/${POOLS.version}`,
  kind: POOLS.kind,
  metadata: { name, labels: specification.labels, annotations: specification.annotations },
  spec: specOf(specification),
});

const specOf = ({ labels: _labels, annotations: _annotations, ...spec }: StoredSpecification) => spec;

const MAPS = ['labels', 'annotations'] as const;

/**
 * A change to `before` as a patch that the API server rejects after a concurrent change. It tests uid and generation, and,
 * if the request touches metadata, labels and annotations themselves, which do not change the generation. It does so even
 * if nothing seems to change, because `before` may be out of date. Each changed field is written entirely.
 */
export const toJsonPatch = (
  before: Pool,
  { specification, touchesMetadata }: SpecificationChange,
): PatchOperation[] => [
  { op: 'test', path: '/metadata/uid', value: before.uid },
  { op: 'test', path: '/metadata/generation', value: before.generation },
  ...(touchesMetadata ? MAPS : []).map((map): PatchOperation => ({
    op: 'test',
    path: `/metadata/${map}`,
    value: orNull(before.specification[map]),
  })),
  ...writes(before.specification, specification),
];

const writes = (before: StoredSpecification, after: StoredSpecification): PatchOperation[] => {
  const changed = changedFields(before, after);
  const maps = changed.filter((field) => field === 'labels' || field === 'annotations');
  const fields = changed.filter((field) => field !== 'labels' && field !== 'annotations');
  const hasSpec = Object.keys(definedFields(specOf(before))).length > 0;
  return [
    ...maps.map((field) => write(`/metadata/${field}`, after[field])),
    // Without a stored specification there is nothing that a field could be added to.
    ...(hasSpec || fields.length === 0
      ? fields.map((field) => write(`/spec/${field}`, after[field]))
      : [write('/spec', specOf(after))]),
  ];
};

const write = (path: string, value: unknown): PatchOperation =>
  value === undefined ? { op: 'remove', path } : { op: 'add', path, value };

/** The API server stores no empty map, and a test for an absent field compares with null. */
const orNull = (map: Readonly<Record<string, string>>) => (Object.keys(map).length > 0 ? map : null);
