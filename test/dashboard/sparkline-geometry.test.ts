import { describe, expect, test } from 'vitest';
import { sparklineShapes } from '../../src/dashboard/pool/sparkline-geometry.ts';

const BUFFER = { bufferMin: 2, bufferMax: 4 };

describe('The sparkline', () => {
  test('The line goes through every value and ends at the value of this moment.', () => {
    const { line, dot, lowest } = sparklineShapes({ values: [4, 2], now: 0, bufferMin: 0, bufferMax: 4 });
    expect(line).toBe('M0.5 4.6L46.5 15.3L92.5 26');
    expect(dot).toMatchObject({ x: 92.5, y: 26, isZero: false });
    expect(lowest).toBe(0);
  });

  test('A gap is a gap, and a value between two gaps is a point.', () => {
    const { line } = sparklineShapes({ values: [null, 4, null, 2], now: 2, ...BUFFER });
    expect(line).toBe('M23.5 4.6h0M69.5 15.3L92.5 15.3');
  });

  test('Only where bufferMin asks for members is their absence marked.', () => {
    const values = [2, 0, 0];
    expect(sparklineShapes({ values, now: 1, ...BUFFER }).zero).toBe('M31.2 26L61.8 26');
    expect(sparklineShapes({ values, now: 1, bufferMin: 0, bufferMax: 4 }).zero).toBe('');
  });

  test('The band spans bufferMin to bufferMax, below values that are higher.', () => {
    expect(sparklineShapes({ values: [], now: 8, ...BUFFER }).band).toEqual({ y: 15.3, height: 5.3 });
  });

  test('A pool without a buffer has no band, and one with equal bounds has a thin one.', () => {
    expect(sparklineShapes({ values: [], now: 0, bufferMin: 0, bufferMax: 0 }).band).toBeUndefined();
    expect(sparklineShapes({ values: [], now: 0, bufferMin: 3, bufferMax: 3 }).band).toMatchObject({ height: 2 });
  });

  test('The value of this moment is at the right end, also where nothing was sampled.', () => {
    expect(sparklineShapes({ values: [], now: 2, ...BUFFER }).dot).toMatchObject({ x: 92.5 });
  });

  test('Without a single value there is neither line nor dot.', () => {
    const shapes = sparklineShapes({ values: [null, null], now: undefined, ...BUFFER });
    expect(shapes).toMatchObject({ line: '', zero: '', dot: undefined, lowest: undefined });
  });
});
