// What is sent to the API server: the manifest of a new pool, and a change as a JSON Patch.
import type { Pool, StoredSpecification } from '../../pools/pool.ts';
import { changedMembers } from '../../pools/specification.ts';
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

/**
 * The change from `before` to `after`, refused by the API server where another writer was faster: it tests the identity and
 * the generation, and labels or annotations themselves where they are replaced, since they raise no generation. Each
 * changed member is written whole. A change that changes nothing only tests.
 */
export const toJsonPatch = (before: Pool, after: StoredSpecification): PatchOperation[] => [
  { op: 'test', path: '/metadata/uid', value: before.uid },
  { op: 'test', path: '/metadata/generation', value: before.generation },
  ...(['labels', 'annotations'] as const)
    // The same object: not given. What is given is tested also where it seems to change nothing, for the cache may be old.
    .filter((member) => after[member] !== before.specification[member])
    .map((member): PatchOperation => {
      return { op: 'test', path: `/metadata/${member}`, value: orNull(before.specification[member]) };
    }),
  ...changedMembers(before.specification, after).map((member) =>
    write(`/${member === 'labels' || member === 'annotations' ? 'metadata' : 'spec'}/${member}`, after[member]),
  ),
];

const write = (path: string, value: unknown): PatchOperation =>
  value === undefined ? { op: 'remove', path } : { op: 'add', path, value };

/** The API server stores no empty map; a test of what is absent is one of null. */
const orNull = (map: Readonly<Record<string, string>>) => (Object.keys(map).length > 0 ? map : null);
