import { describe, expect, test } from 'vitest';
import { isSameOrder, keepOrder } from '../../../src/dashboard/pages/overview/steady-order.ts';

describe('An order that is held', () => {
  test('Rows stay where they are, also those that the view would no longer show.', () => {
    expect(keepOrder(['a', 'b', 'c'], ['c', 'a'], () => true)).toEqual(['a', 'b', 'c']);
  });

  test('New rows are added at the end, and deleted pools leave.', () => {
    expect(keepOrder(['a', 'b'], ['n', 'b'], (name) => name !== 'a')).toEqual(['b', 'n']);
  });

  test('A pool that is deleted while the view still has it leaves for good.', () => {
    const exists = (name: string) => name !== 'a';
    expect(keepOrder(keepOrder(['a', 'b'], ['a', 'b'], exists), ['a', 'b'], exists)).toEqual(['b']);
  });

  test('Two orders are the same if they have the same names in the same places.', () => {
    expect(isSameOrder(['a', 'b'], ['a', 'b'])).toBe(true);
    expect(isSameOrder(['a', 'b'], ['b', 'a'])).toBe(false);
    expect(isSameOrder(['a'], ['a', 'b'])).toBe(false);
  });
});
