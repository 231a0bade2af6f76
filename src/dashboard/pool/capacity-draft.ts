// What somebody has changed in the capacity of a pool and not applied yet. Only changed bounds are kept: the others
// follow the pool.
import { CapacitySpec } from '../../contract/capacity-spec.ts';

export type Bound = keyof CapacitySpec;

export const BOUNDS = ['bufferMin', 'bufferMax', 'poolMin', 'poolMax'] as const satisfies readonly Bound[];

/** Numbers; a text where what was typed is not a number. */
export type Edits = Readonly<Partial<Record<Bound, number | string>>>;

export type Draft = {
  /** What the fields show. */
  readonly values: Readonly<Record<Bound, number | string>>;
  /** The first message of each field that breaks a rule. */
  readonly errors: Readonly<Partial<Record<Bound, string>>>;
  /** Undefined while a rule is broken. */
  readonly spec: CapacitySpec | undefined;
  /** The changed bounds, as a merge patch sends them; undefined if there are none or a rule is broken. */
  readonly patch: Readonly<Partial<CapacitySpec>> | undefined;
};

/** An empty field is a missing one. */
const valueOf = (typed: number | string): unknown => (typed === '' ? undefined : typed);

export const draftOf = (stored: CapacitySpec, edits: Edits): Draft => {
  const values = { ...stored, ...edits };
  const given = Object.fromEntries(BOUNDS.map((bound) => [bound, valueOf(values[bound])]));
  const { data: spec, error } = CapacitySpec.safeParse(given);
  const errors: Partial<Record<Bound, string>> = {};
  for (const { path, message } of error?.issues ?? []) {
    const bound = BOUNDS.find((known) => known === path[0]);
    if (bound !== undefined) errors[bound] ??= message;
  }
  const changed = changedBounds(stored, edits);
  const patch =
    spec && changed.length > 0 ? Object.fromEntries(changed.map((bound) => [bound, spec[bound]])) : undefined;
  return { values, errors, spec, patch };
};

export const changedBounds = (stored: CapacitySpec, edits: Edits): readonly Bound[] =>
  BOUNDS.filter((bound) => edits[bound] !== undefined && edits[bound] !== stored[bound]);

/** Without the edits that the pool has by now. */
export const remainingEdits = (stored: CapacitySpec, edits: Edits): Edits =>
  Object.fromEntries(changedBounds(stored, edits).map((bound) => [bound, edits[bound]]));

/** What somebody else has changed since `base`: `poolMax 40 to 60`. */
export const describeChanges = (base: Readonly<Partial<CapacitySpec>>, now: Readonly<Partial<CapacitySpec>>): string =>
  BOUNDS.filter((bound) => now[bound] !== undefined && base[bound] !== now[bound])
    .map((bound) => `${bound} ${base[bound] ?? 0} to ${now[bound] ?? 0}`)
    .join(', ');

export const isSameCapacity = (one: CapacitySpec, other: CapacitySpec): boolean =>
  BOUNDS.every((bound) => one[bound] === other[bound]);
