// What is sent to the API server: the manifest of a new pool, and a change as a JSON Patch.
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import type { SpecificationChange } from '../../pools/ports.ts';
import { changedFields } from '../../pools/specification.ts';
import { POOL_RESOURCE } from './pool-resource.ts';

/** One operation of a JSON Patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'test' | 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** Metadata and specification, and nothing else: the status is the controller's. */
export const toManifest = (name: string, { labels, annotations, ...spec }: StoredSpecification) => ({
  apiVersion: `${POOL_RESOURCE.group}/${POOL_RESOURCE.version}`,
  kind: POOL_RESOURCE.kind,
  metadata: { name, labels, annotations },
  spec,
});

const MAPS = ['labels', 'annotations'] as const;

/**
 * A change of `before` as a patch that the API server rejects after a concurrent change. It tests uid and generation, and,
 * where the request touches metadata, labels and annotations themselves: they raise no generation. It does so even where
 * nothing seems to change, because `before` may be out of date. Each changed field is written whole.
 */
export const toJsonPatch = (before: Pool, { specification, touched }: SpecificationChange): PatchOperation[] => [
  { op: 'test', path: '/metadata/uid', value: before.uid },
  { op: 'test', path: '/metadata/generation', value: before.generation },
  ...(touched.metadata ? MAPS : []).map((map): PatchOperation => ({
    op: 'test',
    path: `/metadata/${map}`,
    value: orNull(before.specification[map]),
  })),
  ...writes(before.specification, specification),
];

const writes = (before: StoredSpecification, after: StoredSpecification): PatchOperation[] => {
  const changed = changedFields(before, after);
  const maps = changed.filter((member) => member === 'labels' || member === 'annotations');
  const members = changed.filter((member) => member !== 'labels' && member !== 'annotations');
  const { labels: _labels, annotations: _annotations, ...spec } = after;
  return [
    ...maps.map((member) => write(`/metadata/${member}`, after[member])),
    // Where somebody stored no specification there is nothing that a member could be added to.
    ...(members.length > 0 && hasNoSpec(before)
      ? [write('/spec', spec)]
      : members.map((member) => write(`/spec/${member}`, after[member]))),
  ];
};

const hasNoSpec = ({ labels: _labels, annotations: _annotations, ...spec }: StoredSpecification): boolean =>
  Object.values(spec).every((member) => member === undefined);

const write = (path: string, value: unknown): PatchOperation =>
  value === undefined ? { op: 'remove', path } : { op: 'add', path, value };

/** The API server stores no empty map; a test of what is absent is one of null. */
const orNull = (map: Readonly<Record<string, string>>) => (Object.keys(map).length > 0 ? map : null);
