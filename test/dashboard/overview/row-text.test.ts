import { describe, expect, test } from 'vitest';
import type { Condition } from '../../../src/contract/conditions.ts';
import {
  formatHitRate,
  formatRate,
  hitTone,
  secondLine,
  shortLabels,
  splitSentence,
} from '../../../src/dashboard/pages/overview/row-text.ts';
import { poolState } from '../../../src/dashboard/pool/pool-state.ts';
import { poolWith, READY } from './pools.ts';

const progressing = (reason: Condition['reason']): Condition => ({
  type: 'Progressing',
  status: 'True',
  reason,
  message: '',
});

const secondOf = (conditions: readonly Condition[], available = 2) => {
  const pool = poolWith('a', conditions);
  const status = pool.status && { ...pool.status, available };
  const observed = status === undefined ? pool : { ...pool, status };
  return secondLine(observed, poolState(observed));
};

describe('The words of a row', () => {
  test('A pool that rolls out says how many members are updated.', () => {
    expect(secondOf([READY, progressing('RollingOut')])).toBe('2 of 3 updated');
  });

  test('A pool that shrinks says how many members are over bufferMax.', () => {
    expect(secondOf([READY, progressing('Shrinking')], 9)).toBe('5 over bufferMax');
  });

  test.each([
    [0, '0'],
    [0.333, '0.3'],
    [10.4, '10.4'],
    [412.3, '412'],
  ])('%f claims per minute are written as "%s".', (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });

  test.each([
    [0, '0 %'],
    [0.414, '41 %'],
    [0.9985, '99.8 %'],
    [0.9999, '99.9 %'],
    [1, '100 %'],
  ])('A hit rate of %f is written as "%s".', (share, text) => {
    expect(formatHitRate(share)).toBe(text);
  });

  test('A hit rate is worth a warning below 90 %, and bad below 50 %.', () => {
    expect([0.9, 0.89, 0.49].map(hitTone)).toEqual([undefined, 'warn', 'bad']);
  });

  test('The clause of sizes is separated from the end of a sentence, which is never cut off.', () => {
    expect(splitSentence('Wants 6: buffer 6 (within 4–8). Nothing to do.')).toEqual({
      size: 'Wants 6: buffer 6 (within 4–8). ',
      rest: 'Nothing to do.',
    });
  });

  test('A sentence that is too long for two lines loses its clause of sizes.', () => {
    const end = `Has 13, ${'removing 1 failed member, '.repeat(6)}creating 2.`;
    expect(splitSentence(`Wants 15: buffer 4 (bufferMin). ${end}`)).toEqual({ size: '', rest: end });
  });

  test('Four labels are shown, the others are counted.', () => {
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`k${index}`, `v${index}`]));
    expect(shortLabels(labels)).toEqual({ text: 'k0=v0  k1=v1  k2=v2  k3=v3', more: 60 });
    expect(shortLabels(undefined)).toEqual({ text: '', more: 0 });
  });
});
