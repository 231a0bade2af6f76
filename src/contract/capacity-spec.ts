// How many members a pool wants: four bounds, two for the buffer and two for the whole pool.
import { z } from 'zod';
import { closedObject } from './closed-object.ts';
import { INT32_MAX } from './limits.ts';
import { must } from './must.ts';

const int32 = must(`be an integer from 0 to ${INT32_MAX}`);

/** An integer of Kubernetes' int32, not negative. `3.0` is the integer 3; strings, booleans and null are not numbers. */
export const Int32 = z.int32(int32).min(0, int32).max(INT32_MAX, int32);

const numbers = {
  bufferMax: Int32.describe('Most members that are ready or on their way and not allocated.'),
  bufferMin: Int32.describe('Fewest members that are ready or on their way and not allocated.'),
  poolMax: Int32.describe('Most members of the pool in all. It limits creation: lowering it removes nobody.'),
  poolMin: Int32.describe('Fewest members of the pool in all.'),
};

const example = { bufferMax: 5, bufferMin: 2, poolMax: 20, poolMin: 2 };

/** The four numbers alone. What is stored, or written by somebody else, may break the rule between them. */
export const CapacityNumbers = z
  .object(numbers)
  .meta({ id: 'CapacityNumbers', description: 'The capacity of a pool as stored.', examples: [example] });
export type CapacityNumbers = z.infer<typeof CapacityNumbers>;

const ORDERED_PAIRS = [
  ['bufferMin', 'bufferMax'],
  ['poolMin', 'poolMax'],
] as const;

/** A capacity as requests give it. The rule between the numbers is judged also when another of them is wrong. */
export const CapacitySpec = closedObject(numbers)
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
    description: 'The capacity of a pool: bufferMin ≤ bufferMax and poolMin ≤ poolMax.',
    examples: [example],
  });
export type CapacitySpec = z.infer<typeof CapacitySpec>;

const areNumbers = (...values: readonly unknown[]) => values.every((value) => typeof value === 'number');
