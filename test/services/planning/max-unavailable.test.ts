import { expect, test } from 'vitest';
import { maxUnavailableOf } from '../../../src/services/planning/max-unavailable.ts';

test.each<[number | string | undefined, number, number, string]>([
  [undefined, 10, 3, 'is 25 % rounded up by default'],
  [undefined, 0, 1, 'is at least 1'],
  ['25%', 4, 1, 'needs no rounding if the percentage is a whole number of members'],
  ['25%', 5, 2, 'rounds a percentage up'],
  ['7%', 100, 7, 'multiplies before it divides'],
  ['0%', 100, 1, 'is at least 1 for 0 %'],
  ['250%', 4, 10, 'may be more than the total'],
  [`${'9'.repeat(400)}%`, 0, 1, 'handles a percentage too large for a number'],
  [3, 100, 3, 'uses an integer unchanged'],
  [0, 100, 1, 'is at least 1 for 0'],
  [-4, 100, 1, 'is at least 1 for a negative integer'],
  [2.5, 100, 1, 'is 1 for a fraction'],
  ['50', 100, 1, 'is 1 for a number in a string'],
  ['-50%', 100, 1, 'is 1 for a negative percentage'],
  ['50%\n', 100, 1, 'is 1 for a percentage with something after it'],
  [' 50%', 100, 1, 'is 1 for a percentage with something before it'],
  ['5.5%', 100, 1, 'is 1 for a fractional percentage'],
  ['', 100, 1, 'is 1 for an empty string'],
])('maxUnavailable %j of %i members is %i: it %s', (given, total, expected) => {
  expect(maxUnavailableOf({ maxUnavailable: given }, total)).toBe(expected);
});

test('A pool without the strategy has the default maxUnavailable', () => {
  expect(maxUnavailableOf(undefined, 8)).toBe(2);
});
