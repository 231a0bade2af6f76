// Pure functions on what a caller may write: making, replacing, patching and comparing specifications.
import { publicAnnotations, reservedAnnotations } from '../../contract/metadata.ts';
import { PoolSpecification, type PatchPool } from '../../contract/pool.ts';
import { toViolations } from '../../contract/violations.ts';
import { invalidRequest } from '../warmpool-error.ts';
import { definedFields } from '../../lib/json.ts';
import { mergePatch } from '../../lib/merge-patch.ts';
import type { StoredSpecification } from './pool.ts';
import type { Touched } from './ports.ts';
import { isSameJson } from '../../lib/same-json.ts';

/** Members that replace the stored ones whole. */
export type Replacement = { readonly [Member in keyof PoolSpecification]?: PoolSpecification[Member] | undefined };

type Strategy = 'scaleStrategy' | 'updateStrategy' | 'recycleStrategy';
const STRATEGIES: readonly Strategy[] = ['scaleStrategy', 'updateStrategy', 'recycleStrategy'];

const isEmpty = (value: object) => Object.values(value).every((member) => member === undefined);

/** Each strategy that is given, `{}` meaning none; the stored ones as they are where they are not. */
const strategiesOf = (stored: Partial<Pick<StoredSpecification, Strategy>>, given: Replacement) =>
  Object.fromEntries(
    STRATEGIES.flatMap((name) => {
      const strategy = given[name] ?? stored[name];
      const isNone = strategy === undefined || (given[name] !== undefined && isEmpty(strategy));
      return isNone ? [] : [[name, strategy]];
    }),
  ) as Pick<StoredSpecification, Strategy>;

/** What a replacement or a patch touches: `{}`, which says that there are none, and null count as given. */
export const touchedBy = (given: { readonly labels?: unknown; readonly annotations?: unknown }): Touched => ({
  metadata: given.labels !== undefined || given.annotations !== undefined,
});

/** A new pool's specification. */
export const newSpecification = (given: PoolSpecification): StoredSpecification => ({
  template: given.template,
  capacitySpec: given.capacitySpec,
  labels: given.labels ?? {},
  annotations: given.annotations ?? {},
  ...strategiesOf({}, given),
});

/** The stored specification with each given member in place of the stored one. Reserved annotations stay. */
export const replaceFields = (stored: StoredSpecification, given: Replacement): StoredSpecification => ({
  template: given.template ?? stored.template,
  capacitySpec: given.capacitySpec ?? stored.capacitySpec,
  labels: given.labels ?? stored.labels,
  annotations: given.annotations
    ? { ...given.annotations, ...reservedAnnotations(stored.annotations) }
    : stored.annotations,
  ...strategiesOf(stored, given),
});

/** What is judged of a patched pool: the members that the patch names, each by the rules of a whole pool. */
const NamedMembers = PoolSpecification.partial();
const REQUIRED = ['template', 'capacitySpec'] as const;
const NONE: Replacement = { labels: {}, annotations: {}, scaleStrategy: {}, updateStrategy: {}, recycleStrategy: {} };

/**
 * What a merge patch (RFC 7396) makes of the stored specification. Only the members that the patch names are judged.
 * Throws REQUEST::INVALID with every broken rule of those.
 */
export const patchFields = (stored: StoredSpecification, patch: PatchPool): StoredSpecification => {
  const visible = { ...stored, annotations: publicAnnotations(stored.annotations) };
  // A member that the patch removes falls back to "none".
  const merged: Record<string, unknown> = { ...NONE, ...mergePatch(visible, patch) };
  const named = Object.keys(definedFields(patch)).map((member) => [member, merged[member]] as const);
  const judged = NamedMembers.safeParse(Object.fromEntries(named));
  const violations = [
    ...REQUIRED.filter((member) => patch[member] === null).map((member) => ({
      path: [member],
      message: 'is required',
    })),
    ...(judged.success ? [] : toViolations(judged.error)),
  ];
  if (!judged.success || violations.length > 0) throw invalidRequest(violations);
  return replaceFields(stored, judged.data);
};

/** Names of the members in which two specifications differ; the order of keys does not count. */
export const changedFields = (before: StoredSpecification, after: StoredSpecification) =>
  (['template', 'capacitySpec', 'labels', 'annotations', ...STRATEGIES] as const).filter(
    (member) => !isSameJson(before[member], after[member]),
  );

/** Whether a change of these members is a new generation: labels and annotations are not part of the specification's version. */
export const isNewGeneration = (changed: readonly (keyof StoredSpecification)[]) =>
  changed.some((member) => member !== 'labels' && member !== 'annotations');
