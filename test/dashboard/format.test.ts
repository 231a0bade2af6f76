import { expect, test } from 'vitest';
import { formatClock, formatMinute } from '../../src/dashboard/ui/format.ts';

test('The hour after midnight is 00', () => {
  const midnight = new Date(2026, 10, 26, 0, 3, 41).getTime();
  expect(formatClock(midnight)).toBe('00:03:41');
  expect(formatMinute(midnight)).toBe('00:03');
});
