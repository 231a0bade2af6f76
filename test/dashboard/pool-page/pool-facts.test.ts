import { expect, test } from 'vitest';
import { describeDeletion } from '../../../src/dashboard/pages/pool/head/describe-deletion.ts';
import {
  describeStrategies,
  generationSince,
  imagesOf,
} from '../../../src/dashboard/pages/pool/overview/pool-facts.ts';
import { startTimesOf } from '../../../src/dashboard/pages/pool/start-times.ts';
import { parseRange } from '../../../src/dashboard/pages/pool/time-range.ts';
import { formatSeconds } from '../../../src/dashboard/ui/format.ts';
import { aDecision, aMember, aPool } from './pools.ts';

test('Strategies are written with their defaults', () => {
  expect(describeStrategies(aPool())).toBe('scale 25%, update 25%, recycle Delete');
  expect(
    describeStrategies(aPool({ updateStrategy: { maxUnavailable: 1 }, recycleStrategy: { type: 'Restart' } })),
  ).toBe('scale 25%, update 1, recycle Restart');
});

test('A generation began with its first decision, if an older one is known', () => {
  const decisions = [aDecision(9, { generation: 3 }), aDecision(5, { generation: 3 }), aDecision(1, { generation: 2 })];
  expect(generationSince(decisions, 3)).toBe(decisions[1]?.at);
  expect(generationSince(decisions.slice(0, 2), 3)).toBeUndefined();
  expect(generationSince(decisions, 4)).toBeUndefined();
});

test('Images are those of the containers, and none are invented for a template that cannot be read', () => {
  expect(imagesOf({ spec: { containers: [{ name: 'a', image: 'x:1' }, { image: 'y:2' }] } })).toEqual(['x:1', 'y:2']);
  expect(imagesOf({ spec: {} })).toEqual([]);
});

test('Start times are those of the members that have become ready', () => {
  const started = (seconds: number) =>
    aMember({ readyAt: new Date(Date.parse('2026-11-24T12:00:00Z') + seconds * 1_000).toISOString() });
  expect(startTimesOf(aPool(), [started(30), started(10), started(20), aMember({ phase: 'starting' })])).toEqual({
    medianMs: 20_000,
    p95Ms: 30_000,
  });
  expect(startTimesOf(aPool(), [aMember({ phase: 'starting' })])).toBeUndefined();
});

test('Members that are restarted in place have no known start time', () => {
  const pool = aPool({ recycleStrategy: { type: 'Restart' } });
  expect(startTimesOf(pool, [aMember({ readyAt: '2026-11-24T12:00:09Z' })])).toBeUndefined();
});

test('Start times are written with one decimal below a minute', () => {
  expect(formatSeconds(11_840)).toBe('11.8 s');
  expect(formatSeconds(125_000)).toBe('2 min 5 s');
});

test('A time range that is not one of the choices is the default of 30 minutes', () => {
  expect(parseRange('360')).toBe(360);
  expect(parseRange('7')).toBe(30);
  expect(parseRange(null)).toBe(30);
});

test('The description of a deletion says what happens to allocated members', () => {
  const status = { total: 40, allocated: 12, available: 28, revision: '' };
  expect(describeDeletion(status)).toContain('12 members are allocated');
  expect(describeDeletion({ ...status, allocated: 0 })).toContain('None of its members is allocated');
  expect(describeDeletion(undefined)).toContain('has no members');
});
