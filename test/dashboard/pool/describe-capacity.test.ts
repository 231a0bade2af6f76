import { expect, test } from 'vitest';
import { describeCapacity } from '../../../src/dashboard/pool/describe-capacity.ts';

const CAPACITY = { allocated: 0, available: 0, bufferMin: 2, bufferMax: 4, poolMax: 10 };

test('The words have the members that are allocated or available, the buffer and poolMax', () => {
  expect(describeCapacity(CAPACITY)).toBe('0 allocated, 0 available; buffer 2 to 4; poolMax 10');
});

test('Other members and waiting clients are named where there are any', () => {
  const rest = { starting: 1, failed: 2, terminating: 3, waiting: 4 };
  expect(describeCapacity({ ...CAPACITY, ...rest })).toBe(
    '0 allocated, 0 available, 1 starting, 2 failed, 3 terminating, 4 waiting; buffer 2 to 4; poolMax 10',
  );
});
