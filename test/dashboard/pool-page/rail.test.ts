import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generationMarks, markHeight, railMarks } from '../../../src/dashboard/pages/pool/chart/rail.ts';
import { effectOf } from '../../../src/dashboard/pages/pool/decisions/decision-effect.ts';
import { aDecision } from './pools.ts';

const START = aDecision(0).at;
/** One pixel for each second from 12:00:00. */
const toX = (epochSeconds: number) => epochSeconds - Date.parse(START) / 1_000;

const HELD = { create: 0, reasons: [{ code: 'PoolMax' as const, message: '' }] };

describe('The rail of decisions', () => {
  test('Neighbours are one mark with the sum of their members and the newest decision.', () => {
    const decisions = [aDecision(14, { create: 3 }), aDecision(12, { create: 0, remove: ['a', 'b'] }), aDecision(10)];
    expect(railMarks(decisions, toX, 100)).toEqual([
      { x: 10, created: 4, removed: 2, isHeld: false, decision: decisions[0] },
    ]);
  });

  test('A decision that was held back keeps its own mark.', () => {
    const marks = railMarks([aDecision(11, HELD), aDecision(10)], toX, 100);
    expect(marks.map(({ x, isHeld }) => [x, isHeld])).toEqual([
      [10, false],
      [11, true],
    ]);
  });

  test('Decisions outside of the chart are left out.', () => {
    expect(railMarks([aDecision(101), aDecision(100), aDecision(0)], toX, 100)).toHaveLength(2);
    expect(railMarks([aDecision(10)], (seconds) => toX(seconds) - 11, 100)).toEqual([]);
  });

  test('Marks go from left to right, six pixels apart, and no member is lost.', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.nat(5))), (points) => {
        const decisions = points
          .toSorted(([one], [other]) => other - one)
          .map(([second, create]) => aDecision(second, { create }));
        const marks = railMarks(decisions, toX, 1_000);
        const created = points.reduce((sum, [, create]) => sum + create, 0);
        expect(marks.reduce((sum, mark) => sum + mark.created, 0)).toBe(created);
        expect(marks.every(({ x }, index) => index === 0 || x - (marks[index - 1]?.x ?? 0) >= 6)).toBe(true);
      }),
    );
  });

  test.each([
    [0, 0],
    [1, 3],
    [2, 6],
    [8, 12],
    [1_000, 12],
  ])('A mark for %i members is %i px high.', (count, height) => {
    expect(markHeight(count)).toBe(height);
  });
});

describe('The marks of generations', () => {
  test('Each change of the specification is marked at its first decision, but not the oldest one known.', () => {
    const decisions = [3, 2, 2, 1].map((generation, index) => aDecision(300 - index * 100, { generation }));
    expect(generationMarks(decisions, toX, 1_000)).toEqual([
      { x: 100, generation: 2, isNamed: true },
      { x: 300, generation: 3, isNamed: true },
    ]);
  });

  test('A name that would reach the next mark, or the end, is left out.', () => {
    const decisions = [4, 3, 2, 1].map((generation, index) => aDecision(150 - index * 50, { generation }));
    expect(generationMarks(decisions, toX, 240).map(({ isNamed }) => isNamed)).toEqual([false, false, true]);
    expect(generationMarks(decisions, toX, 200).at(-1)?.isNamed).toBe(false);
  });

  test('A change before the chart is not marked.', () => {
    const decisions = [aDecision(20, { generation: 2 }), aDecision(10)];
    expect(generationMarks(decisions, (seconds) => toX(seconds) - 21, 100)).toEqual([]);
  });
});

describe('The effect of a decision', () => {
  test.each([
    ['grew', { create: 2, remove: ['a'] }],
    ['shrank', { create: 1, remove: ['a', 'b'] }],
    ['replaced', { create: 1, remove: ['a'] }],
    ['held', HELD],
    ['held', { create: 0, reasons: [{ code: 'BackingOff' as const, message: '' }] }],
    ['none', { create: 0 }],
    ['grew', { ...HELD, create: 1 }],
  ])('It is "%s" by the change of the size, and by the reasons only where nothing changed.', (effect, given) => {
    expect(effectOf(aDecision(0, given))).toBe(effect);
  });
});
