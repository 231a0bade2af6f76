import { expect, test } from 'vitest';
import {
  changedBounds,
  describeChanges,
  draftOf,
  isSameCapacity,
  remainingEdits,
} from '../../../src/dashboard/pool/capacity-draft.ts';
import { CAPACITY } from './pools.ts';

test('A draft sends only the bounds that differ from the stored ones', () => {
  const draft = draftOf(CAPACITY, { poolMax: 80, bufferMin: 8 });
  expect(draft.patch).toEqual({ poolMax: 80 });
  expect(draft.spec).toEqual({ ...CAPACITY, poolMax: 80 });
  expect(draft.errors).toEqual({});
});

test('A draft without changes sends nothing', () => {
  expect(draftOf(CAPACITY, {}).patch).toBeUndefined();
});

test('A bound that breaks a rule has the message of the contract at its field', () => {
  const draft = draftOf(CAPACITY, { bufferMin: 20 });
  expect(draft.errors).toEqual({ bufferMin: 'must not be greater than bufferMax' });
  expect(draft.patch).toBeUndefined();
});

test('An empty field is required, and every field with a problem has its message', () => {
  const { errors } = draftOf(CAPACITY, { bufferMax: '', poolMin: 99 });
  expect(errors).toEqual({ bufferMax: 'is required', poolMin: 'must not be greater than poolMax' });
});

test('Values that change in the pool show through where nothing was typed', () => {
  expect(draftOf({ ...CAPACITY, bufferMin: 9 }, { poolMax: 80 }).values).toEqual({
    ...CAPACITY,
    bufferMin: 9,
    poolMax: 80,
  });
});

test('An edit that the pool has by now is no edit', () => {
  expect(remainingEdits({ ...CAPACITY, poolMax: 80 }, { poolMax: 80, bufferMin: 4 })).toEqual({ bufferMin: 4 });
  expect(changedBounds(CAPACITY, { poolMax: 40 })).toEqual([]);
});

test('Changes are described by bound, in the order of the fields', () => {
  expect(describeChanges(CAPACITY, { poolMax: 80, bufferMin: 4 })).toBe('bufferMin 8 to 4, poolMax 40 to 80');
});

test('Capacities are the same if all four bounds are', () => {
  expect(isSameCapacity(CAPACITY, { ...CAPACITY })).toBe(true);
  expect(isSameCapacity(CAPACITY, { ...CAPACITY, poolMin: 0 })).toBe(false);
});
