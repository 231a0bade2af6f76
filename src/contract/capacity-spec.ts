// The capacity of a pool: four bounds, two for the buffer and two for the whole pool.
import { z } from 'zod';
import { closedObject } from './closed-object.ts';
import { INT32_MAX } from './limits.ts';
import { must } from './must.ts';

const int32 = must(`be an integer from 0 to ${INT32_MAX}`);

/** A non-negative int32, as in Kubernetes. `3.0` is the integer 3; strings, booleans and null are rejected. */
export const Int32 = z.int32(int32).min(0, int32).max(INT32_MAX, int32);

const BOUNDS = {
  bufferMax: Int32.describe('Maximum number of unallocated members that are ready or starting.'),
  bufferMin: Int32.describe('Minimum number of unallocated members that are ready or starting.'),
  poolMax: Int32.describe('Maximum number of members in total. It limits growth only: lowering it stops no members.'),
  poolMin: Int32.describe('Minimum number of members in total.'),
};

const ORDERED_PAIRS = [
  ['bufferMin', 'bufferMax'],
  ['poolMin', 'poolMax'],
] as const;

/** The order of each pair is checked even if another bound is invalid, so that all violations are reported at once. */
export const CapacitySpec = closedObject(BOUNDS)
  .superRefine(
    (spec, context) => {
      for (const [low, high] of ORDERED_PAIRS)
        if (areNumbers(spec[low], spec[high]) && spec[low] > spec[high])
          context.addIssue({ code: 'custom', path: [low], message: `must not be greater than ${high}` });
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  )
  .meta({
    id: 'CapacitySpec',
    description: 'Capacity of a pool. Requests must keep bufferMin ≤ bufferMax and poolMin ≤ poolMax.',
    examples: [{ bufferMax: 5, bufferMin: 2, poolMax: 20, poolMin: 2 }],
  });
export type CapacitySpec = z.infer<typeof CapacitySpec>;

const areNumbers = (...values: readonly unknown[]) => values.every((value) => typeof value === 'number');

const bound = Int32.nullish();

/** The capacity in a merge patch; the patched capacity as a whole is validated by CapacitySpec. */
export const CapacityPatch = closedObject({ bufferMax: bound, bufferMin: bound, poolMax: bound, poolMin: bound }).meta({
  id: 'CapacityPatch',
  description: 'Changes to the capacity of a pool. Absent bounds keep their values.',
  examples: [{ bufferMin: 3 }],
});
