// Which idle member is handed out where several servers hand out the same ones.
import { describe, expect, test } from 'vitest';
import { MemberTable } from '../../../src/services/controller/member-table.ts';

const POOL = 'uid-of-pool';
const CURRENT = 'new';

const tableOf = (names: readonly string[], revisionOf = (_name: string) => CURRENT) => {
  const table = new MemberTable();
  table.open();
  const add = (name: string) => {
    const times = { createdAtMs: 0, startingSinceMs: 0, readyAtMs: 0 };
    table.put({
      name,
      poolUid: POOL,
      poolName: 'pool',
      revision: revisionOf(name),
      phase: 'ready',
      restarts: 0,
      ...times,
    });
  };
  names.forEach(add);
  const hold = () => table.hold(POOL, CURRENT, (name) => `${name}-claim`)?.name;
  const holdAll = () => Array.from({ length: table.count(POOL) }, hold);
  return { table, add, hold, holdAll };
};

const isUpperCase = (name: string) => name === name.toUpperCase();

describe('The order in which members are handed out', () => {
  test('Without other servers, the member that has been available longest is handed out first', () => {
    expect(tableOf(['a', 'B', 'c', 'D']).holdAll()).toEqual(['a', 'B', 'c', 'D']);
  });

  test('The oldest of the own share come first, then the youngest of the rest', () => {
    const { table, holdAll } = tableOf(['a', 'B', 'c', 'D', 'e']);
    table.setShare(isUpperCase);
    expect(holdAll()).toEqual(['B', 'D', 'e', 'c', 'a']);
  });

  test('Members of the current revision come before those of the own share', () => {
    const { table, holdAll } = tableOf(['a', 'B', 'c', 'D'], (name) => (isUpperCase(name) ? 'old' : CURRENT));
    table.setShare(isUpperCase);
    expect(holdAll()).toEqual(['c', 'a', 'B', 'D']);
  });

  test('Members that become available after a change of the shares belong to the new ones', () => {
    const { table, add, holdAll } = tableOf(['a', 'B']);
    table.setShare(isUpperCase);
    add('C');
    add('d');
    expect(holdAll()).toEqual(['B', 'C', 'd', 'a']);
  });

  test('A change of the shares keeps the order of the members', () => {
    const { table, hold, holdAll } = tableOf(['a', 'B', 'c', 'D']);
    table.setShare(isUpperCase);
    table.setShare((name) => !isUpperCase(name));
    expect(hold()).toBe('a');
    table.setShare(() => true);
    expect(holdAll().slice(0, 3)).toEqual(['B', 'c', 'D']);
  });

  test('A member that is returned is the youngest', () => {
    const { table, hold, holdAll } = tableOf(['a', 'b', 'c']);
    expect(hold()).toBe('a');
    table.free('a');
    expect(holdAll()).toEqual(['b', 'c', 'a']);
  });
});

test('A member whose revision changes while it is idle is handed out once', () => {
  const { table, holdAll } = tableOf(['a']);
  const member = table.get('a');
  if (member !== undefined) table.put({ ...member, revision: 'old' });
  expect(holdAll()).toEqual(['a']);
  expect(table.hold(POOL, CURRENT, () => 'x')).toBeUndefined();
  expect(table.hasIdle(POOL)).toBe(false);
});

test('The time to hand out a member does not depend on the size of the pool, here 100 000', () => {
  const isEven = (name: string) => Number(name) % 2 === 0;
  const names = (count: number) => Array.from({ length: count }, (_, at) => String(at));
  const timeOf = (count: number) => {
    const { table, holdAll } = tableOf(names(count));
    table.setShare(isEven);
    const startMs = performance.now();
    const held = holdAll();
    expect(new Set(held).size).toBe(count);
    return performance.now() - startMs;
  };
  timeOf(1_000);
  const smallMs = Array.from({ length: 100 }, () => timeOf(1_000)).reduce((sum, ms) => sum + ms, 0);
  // A search through the members would take a hundred times as long.
  expect(timeOf(100_000)).toBeLessThan(smallMs * 10 + 100);
});
