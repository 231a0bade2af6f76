// Which differences between two CRDs matter: those that drop or refuse what Warmpool writes.
import type { Difference } from './difference.ts';

/** Who starts and stops the pods of the pools. Warmpool always writes metadata and spec; its own controller writes the status also. */
export type Controller = 'opensandbox' | 'warmpool';

/** Keywords that accept more, or only describe. Every other keyword restricts what a schema accepts. */
const LOOSENING = ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-int-or-string', 'nullable'];

/** Whether what Warmpool writes under this setting is dropped or refused because of a difference. */
export const matters = (difference: Difference, controller: Controller): boolean => {
  const { path } = difference;
  if (path[0] === 'columns') return false;
  if (controller === 'opensandbox' && fieldsOf(path)[0] === 'status') return false;
  return acceptsLess(difference);
};

/** Whether the CRD lacks a field of conditions, which the API server then drops. */
export const dropsConditions = (difference: Difference): boolean =>
  fieldsOf(difference.path).slice(0, 2).join('.') === 'status.conditions' && acceptsLess(difference);

/** A field of ours that is missing, a restriction that only the cluster has, or a value that differs. */
const acceptsLess = ({ path, ours, theirs }: Difference): boolean => {
  const keyword = path.at(-1) ?? '';
  if (keyword === 'default') return false;
  const isLoosening = path.at(-2) === 'properties' || LOOSENING.includes(keyword) || !path.includes('schema');
  if (theirs === undefined) return isLoosening;
  if (ours === undefined) return !isLoosening;
  if (keyword === 'required') return !isSubset(theirs, ours);
  if (keyword === 'enum') return !isSubset(ours, theirs);
  return true;
};

const isSubset = (some: unknown, all: unknown): boolean =>
  Array.isArray(some) && Array.isArray(all) && some.every((value) => all.includes(value));

/** `spec.properties.a.items.properties.b` is the field `spec.a.b`. */
const fieldsOf = (path: readonly string[]) => path.filter((_, index) => path[index - 1] === 'properties');
