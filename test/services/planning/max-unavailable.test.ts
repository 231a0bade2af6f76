import { expect, test } from 'vitest';
import { maxUnavailableOf } from '../../../src/services/planning/max-unavailable.ts';

test.each<[number | string | undefined, number, number, string]>([
  [undefined, 10, 3, 'the default of 25 %, rounded up'],
  [undefined, 0, 1, 'at least 1 by default'],
  ['25%', 4, 1, 'a percentage that needs no rounding'],
  ['25%', 5, 2, 'a percentage, rounded up'],
  ['7%', 100, 7, 'multiplied before it is divided'],
  ['0%', 100, 1, 'at least 1 for 0 %'],
  ['250%', 4, 10, 'a percentage above 100 %'],
  [`${'9'.repeat(400)}%`, 0, 1, 'a percentage too large for a number'],
  [3, 100, 3, 'an integer, unchanged'],
  [0, 100, 1, 'at least 1 for 0'],
  [-4, 100, 1, 'at least 1 for a negative integer'],
  [2.5, 100, 1, 'a fraction'],
  ['50', 100, 1, 'a number in a string'],
  ['-50%', 100, 1, 'a negative percentage'],
  ['50%\n', 100, 1, 'a percentage with something after it'],
  [' 50%', 100, 1, 'a percentage with something before it'],
  ['5.5%', 100, 1, 'a fractional percentage'],
  ['', 100, 1, 'an empty string'],
])('maxUnavailable %j of %i members is %i (%s)', (given, total, expected) => {
  expect(maxUnavailableOf({ maxUnavailable: given }, total)).toBe(expected);
});

test('A pool without a strategy has the default maxUnavailable', () => {
  expect(maxUnavailableOf(undefined, 8)).toBe(2);
});
