import { expect, test } from 'vitest';
import { capacityAfter } from '../../../src/dashboard/pages/pool/capacity/capacity-after.ts';
import { aMember, aPlan, aPool } from './pools.ts';

const pool = aPool({ status: { total: 3, allocated: 1, available: 2, revision: '9b1f4e' } });

test('Members that a plan creates are shown as starting', () => {
  const observed = { total: 0, allocated: 0, available: 0, starting: 0, unmet: 4 };
  expect(capacityAfter(pool, { ...aPlan(5), create: 2, observed }, undefined)).toMatchObject({
    allocated: 1,
    available: 2,
    starting: 2,
    waiting: 4,
  });
});

test('Members that a plan removes are gone from the phase that they are in', () => {
  const members = [
    aMember({ name: 'a', allocated: true }),
    aMember({ name: 'b' }),
    aMember({ name: 'c', phase: 'failed' }),
  ];
  expect(capacityAfter(pool, { ...aPlan(2), remove: ['c'] }, members)).toMatchObject({
    allocated: 1,
    available: 1,
    starting: 0,
    failed: 0,
  });
});

test('Without the members, removed ones are taken for available', () => {
  expect(capacityAfter(pool, { ...aPlan(1), remove: ['x', 'y', 'z'] }, undefined).available).toBe(0);
});
