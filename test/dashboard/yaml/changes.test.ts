import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyChanges, changesBetween, formatPath, overlap } from '../../../src/dashboard/yaml/changes.ts';
import { isDeepEqual } from '../../../src/dashboard/yaml/equal.ts';
import { anyObject } from './json.ts';

/** Two versions that come from one, so that they have much in common. */
const versions = fc
  .tuple(anyObject, anyObject, anyObject)
  .map(([base, one, other]) => ({ base, mine: { ...base, ...one }, theirs: { ...other, ...base } }));

describe('Changes between two versions', () => {
  test('The changes from one version to another, applied to the first, give the second.', () => {
    fc.assert(
      fc.property(anyObject, anyObject, (before, after) => {
        expect(applyChanges(before, changesBetween(before, after))).toEqual(after);
      }),
    );
  });

  test('A version has no changes to itself, in whatever order its keys are.', () => {
    fc.assert(
      fc.property(anyObject, (value) => {
        expect(changesBetween(value, Object.fromEntries(Object.entries(value).toReversed()))).toEqual([]);
      }),
    );
  });

  test('Each change has what was at its path before, and no change contains another.', () => {
    fc.assert(
      fc.property(anyObject, anyObject, (before, after) => {
        const changes = changesBetween(before, after);
        for (const [index, change] of changes.entries()) {
          expect(isDeepEqual(change.before, change.after)).toBe(false);
          expect(overlap([change], changes.toSpliced(index, 1))).toEqual([]);
        }
      }),
    );
  });

  test('Applying changes leaves the given version as it was.', () => {
    fc.assert(
      fc.property(anyObject, anyObject, (before, after) => {
        const copy = structuredClone(before);
        applyChanges(before, changesBetween(before, after));
        expect(before).toEqual(copy);
      }),
    );
  });

  test('Lists with the same names are compared by item, and others are one change.', () => {
    const list = (...items: readonly (readonly [string, number])[]) => ({
      list: items.map(([name, size]) => ({ name, size })),
    });
    expect(changesBetween(list(['a', 1], ['b', 2]), list(['a', 1], ['b', 3]))).toEqual([
      { path: ['list', 1, 'size'], before: 2, after: 3 },
    ]);
    expect(changesBetween({ list: [1, 2] }, { list: [1, 3] })).toEqual([
      { path: ['list'], before: [1, 2], after: [1, 3] },
    ]);
  });

  test('A key that every object inherits is absent like any other.', () => {
    expect(changesBetween({ labels: { constructor: 'x' } }, { labels: {} })).toEqual([
      { path: ['labels', 'constructor'], before: 'x', after: undefined },
    ]);
  });
});

describe('A merge', () => {
  test('Changes that do not overlap are both kept, in either order.', () => {
    fc.assert(
      fc.property(versions, ({ base, mine, theirs }) => {
        const changes = changesBetween(base, mine);
        const others = changesBetween(base, theirs);
        fc.pre(overlap(changes, others).length === 0);
        const merged = applyChanges(theirs, changes);
        expect(changesBetween(base, merged)).toHaveLength(changes.length + others.length);
        expect(applyChanges(mine, others)).toEqual(merged);
      }),
    );
  });

  test('Changes that overlap are taken from the edit, and what else was stored is kept.', () => {
    const base = { capacitySpec: { poolMax: 10, bufferMax: 5 }, labels: { env: 'ci' } };
    const mine = { ...base, capacitySpec: { poolMax: 20, bufferMax: 5 } };
    const theirs = { capacitySpec: { poolMax: 30, bufferMax: 6 }, labels: { env: 'prod' } };
    const changes = changesBetween(base, mine);
    expect(overlap(changes, changesBetween(base, theirs))).toEqual(changes);
    expect(applyChanges(theirs, changes)).toEqual({
      capacitySpec: { poolMax: 20, bufferMax: 6 },
      labels: { env: 'prod' },
    });
  });

  test('A change below a value that the other side replaces overlaps it, in both directions.', () => {
    const inner = [{ path: ['labels', 'env'], before: 'ci', after: 'prod' }];
    const outer = [{ path: ['labels'], before: { env: 'ci' }, after: undefined }];
    expect(overlap(inner, outer)).toEqual(inner);
    expect(overlap(outer, inner)).toEqual(outer);
  });

  test('An item of a list that is missing or shorter is added at its end.', () => {
    const change = { path: ['list', 0, 'image'], before: undefined, after: 'a' };
    for (const value of [{}, { list: [] }]) expect(applyChanges(value, [change])).toEqual({ list: [{ image: 'a' }] });
  });
});

test('Two values are the same only if each has every key of the other', () => {
  expect(isDeepEqual({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
  expect(isDeepEqual({ toString: 1 }, {})).toBe(false);
  expect(isDeepEqual({}, { toString: 1 })).toBe(false);
  expect(isDeepEqual({ toString: undefined }, { valueOf: undefined })).toBe(false);
  expect(isDeepEqual([], {})).toBe(false);
  expect(isDeepEqual(null, {})).toBe(false);
});

test('A path is written as the API writes it', () => {
  expect(formatPath(['template', 'spec', 'containers', 0, 'image'])).toBe('template.spec.containers[0].image');
  expect(formatPath([])).toBe('');
});
