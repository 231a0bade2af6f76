// Pure functions on specifications: creating, replacing, patching and comparing them.
import { publicAnnotations, reservedAnnotations } from '../../contract/metadata.ts';
import { PoolSpecification, type PatchPool } from '../../contract/pool.ts';
import { toViolations } from '../../contract/violations.ts';
import { invalidRequest } from '../warmpool-error.ts';
import { definedFields } from '../../lib/json.ts';
import { mergePatch } from '../../lib/merge-patch.ts';
import type { StoredSpecification } from './pool.ts';
import { isSameJson } from '../../lib/canonical-json.ts';

/** Fields that replace the stored ones entirely. */
export type Replacement = { readonly [Field in keyof PoolSpecification]?: PoolSpecification[Field] | undefined };

type Strategy = 'scaleStrategy' | 'updateStrategy' | 'recycleStrategy';
const STRATEGIES: readonly Strategy[] = ['scaleStrategy', 'updateStrategy', 'recycleStrategy'];

const isEmpty = (value: object) => Object.values(value).every((field) => field === undefined);

/** Each given strategy, with `{}` as none, and the stored ones otherwise. */
const strategiesOf = (stored: StoredSpecification, given: Replacement) =>
  Object.fromEntries(
    STRATEGIES.flatMap((name) => {
      const strategy = given[name] ?? stored[name];
      const isNone = strategy === undefined || (given[name] !== undefined && isEmpty(strategy));
      return isNone ? [] : [[name, strategy]];
    }),
  ) as Pick<StoredSpecification, Strategy>;

/** Whether a replacement or a patch has labels or annotations; `{}` and null, which remove them, are included. */
export const hasMetadata = (given: { readonly labels?: unknown; readonly annotations?: unknown }): boolean =>
  given.labels !== undefined || given.annotations !== undefined;

/** A new pool's specification. */
export const newSpecification = ({ template, capacitySpec, ...given }: PoolSpecification): StoredSpecification =>
  replaceFields({ template, capacitySpec, labels: {}, annotations: {} }, given);

/** The stored specification with each given field instead of the stored one. Reserved annotations stay. */
export const replaceFields = (stored: StoredSpecification, given: Replacement): StoredSpecification => ({
  template: given.template ?? stored.template,
  capacitySpec: given.capacitySpec ?? stored.capacitySpec,
  labels: given.labels ?? stored.labels,
  annotations: given.annotations
    ? { ...given.annotations, ...reservedAnnotations(stored.annotations) }
    : stored.annotations,
  ...strategiesOf(stored, given),
});

/** The fields that a patch names, each validated by the rules of a whole pool. */
const NamedFields = PoolSpecification.partial();
const REQUIRED = ['template', 'capacitySpec'] as const;
const NONE: Replacement = { labels: {}, annotations: {}, scaleStrategy: {}, updateStrategy: {}, recycleStrategy: {} };

/**
 * The stored specification after a merge patch (RFC 7396). Only the fields that the patch names are validated.
 * Throws REQUEST::INVALID with every broken rule of those.
 */
export const patchFields = (stored: StoredSpecification, patch: PatchPool): StoredSpecification => {
  const visible = { ...stored, annotations: publicAnnotations(stored.annotations) };
  // A field that the patch removes falls back to "none".
  const merged: Record<string, unknown> = { ...NONE, ...mergePatch(visible, patch) };
  const named = Object.keys(definedFields(patch)).map((field) => [field, merged[field]] as const);
  const parsed = NamedFields.safeParse(Object.fromEntries(named));
  const violations = [
    ...REQUIRED.filter((field) => patch[field] === null).map((field) => ({ path: [field], message: 'is required' })),
    ...(parsed.success ? [] : toViolations(parsed.error)),
  ];
  if (!parsed.success || violations.length > 0) throw invalidRequest(violations);
  return replaceFields(stored, parsed.data);
};

/** Names of the fields in which two specifications differ; the order of keys does not matter. */
export const changedFields = (before: StoredSpecification, after: StoredSpecification) =>
  (['template', 'capacitySpec', 'labels', 'annotations', ...STRATEGIES] as const).filter(
    (field) => !isSameJson(before[field], after[field]),
  );

/** Whether a change to these fields creates a new generation: one to labels and annotations alone does not. */
export const isNewGeneration = (changed: readonly (keyof StoredSpecification)[]) =>
  changed.some((field) => field !== 'labels' && field !== 'annotations');
