// What is sent to the API server: the manifest of a new pool, and a change as a JSON Patch.
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
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
 * The change from `before` to `after`, refused by the API server where another writer was faster: it tests the identity and
 * the generation, and labels and annotations themselves where any are replaced, since they raise no generation. Each
 * changed member is written whole. A change that changes nothing only tests.
 */
export const toJsonPatch = (before: Pool, after: StoredSpecification): PatchOperation[] => [
  { op: 'test', path: '/metadata/uid', value: before.uid },
  { op: 'test', path: '/metadata/generation', value: before.generation },
  // The same object: not given. What is given is tested also where it seems to change nothing, for the cache may be old.
  ...(MAPS.some((member) => after[member] !== before.specification[member]) ? MAPS : []).map(
    (member): PatchOperation => ({
      op: 'test',
      path: `/metadata/${member}`,
      value: orNull(before.specification[member]),
    }),
  ),
  ...writes(before.specification, after),
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
