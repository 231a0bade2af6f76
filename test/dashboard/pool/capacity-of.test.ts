import { expect, test } from 'vitest';
import { capacityOf, capacityOfMembers } from '../../../src/dashboard/pool/capacity-of.ts';
import { aMember, aPool, CAPACITY } from '../pool-page/pools.ts';

const status = { total: 9, allocated: 4, available: 3, revision: '9b1f4e' };

test('Members that a status counts neither as allocated nor as available are shown as starting', () => {
  const capacity = capacityOf(aPool({ status }), 2);
  expect(capacity).toEqual({ ...CAPACITY, allocated: 4, available: 3, starting: 2, waiting: 2 });
});

test('A pool without a status has no members', () => {
  expect(capacityOf(aPool())).toEqual({ ...CAPACITY, allocated: 0, available: 0, starting: 0, waiting: 0 });
});

test('A status with fewer members in total than their parts shows no negative number', () => {
  expect(capacityOf(aPool({ status: { ...status, total: 6 } })).starting).toBe(0);
});

test('Each member is counted once: an allocated one as allocated, in whatever phase it is', () => {
  const members = [
    aMember({ allocated: true }),
    aMember({ allocated: true, phase: 'terminating' }),
    aMember({}),
    aMember({ phase: 'starting' }),
    aMember({ phase: 'failed' }),
    aMember({ phase: 'failed' }),
    aMember({ phase: 'terminating' }),
  ];
  expect(capacityOfMembers(aPool({ status }), members)).toEqual({
    ...CAPACITY,
    allocated: 2,
    available: 1,
    starting: 1,
    failed: 2,
    terminating: 1,
    waiting: 0,
  });
});
