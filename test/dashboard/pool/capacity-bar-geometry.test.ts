import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capacityBarShapes, type Capacity } from '../../../src/dashboard/pool/capacity-bar-geometry.ts';

const EMPTY: Capacity = { allocated: 0, available: 0, bufferMin: 0, bufferMax: 0, poolMax: 10 };

const bar = (given: Partial<Capacity>, width = 160) => capacityBarShapes({ ...EMPTY, ...given }, width);

const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 3_000 }));

/** Any pool that the contract allows, also with more members than poolMax. */
const anyCapacity: fc.Arbitrary<Capacity> = fc
  .record({
    allocated: count,
    available: count,
    starting: count,
    failed: count,
    terminating: count,
    waiting: count,
    buffer: fc.tuple(count, count),
    poolMax: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3_000 })),
  })
  .map(({ buffer, ...rest }) => ({ ...rest, bufferMin: Math.min(...buffer), bufferMax: Math.max(...buffer) }));

/** From the bar of the table to that of the page. */
const anyWidth = fc.integer({ min: 160, max: 640 });

const SITUATIONS: readonly (readonly [string, Partial<Capacity>])[] = [
  ['buffer met', { allocated: 3, available: 3, bufferMin: 2, bufferMax: 4, poolMax: 10 }],
  ['new and empty', { bufferMin: 3, bufferMax: 5, poolMax: 10 }],
  ['warming up', { starting: 2, bufferMin: 5, bufferMax: 10, poolMax: 20 }],
  ['buffer low', { allocated: 47, available: 3, starting: 9, bufferMin: 12, bufferMax: 24, poolMax: 120 }],
  ['clients waiting', { allocated: 40, starting: 16, waiting: 14, bufferMin: 8, bufferMax: 16, poolMax: 80 }],
  ['exhausted at poolMax', { allocated: 40, waiting: 14, bufferMin: 8, bufferMax: 16, poolMax: 40 }],
  ['over poolMax', { allocated: 23, available: 1, bufferMin: 4, bufferMax: 8, poolMax: 20 }],
  ['failing', { allocated: 11, available: 2, failed: 1, bufferMin: 4, bufferMax: 8, poolMax: 60 }],
  ['blocked', { allocated: 2, starting: 1, failed: 8, terminating: 1, bufferMin: 4, bufferMax: 8, poolMax: 12 }],
  ['shrinking', { allocated: 4, available: 11, terminating: 2, bufferMin: 2, bufferMax: 6, poolMax: 40 }],
  ['rolling out', { allocated: 9, available: 6, starting: 3, bufferMin: 6, bufferMax: 12, poolMax: 50 }],
  ['large and busy', { allocated: 1_184, available: 88, bufferMin: 60, bufferMax: 120, poolMax: 2_000 }],
  ['large and idle', { allocated: 3, available: 6, bufferMin: 5, bufferMax: 10, poolMax: 2_000 }],
  ['equal bounds', { allocated: 4, available: 3, bufferMin: 3, bufferMax: 3, poolMax: 12 }],
  ['one of one', { available: 1, bufferMin: 1, bufferMax: 1, poolMax: 1 }],
  ['no buffer', { poolMax: 500 }],
];

const expectInvariants = (capacity: Capacity, width: number): void => {
  const { limit, segments, band, waiting, breaks } = capacityBarShapes(capacity, width);
  const spans = [...segments, ...(band ? [band] : []), ...(waiting ? [waiting] : [])];
  const numbers = [limit, ...breaks, ...spans.flatMap((span) => [span.x, span.width])];
  expect(numbers.every(Number.isInteger)).toBe(true);
  expect(limit).toBe(Math.round(width * 0.9));
  for (const span of spans) {
    expect(span.x).toBeGreaterThanOrEqual(0);
    expect(span.x + span.width).toBeLessThanOrEqual(width);
  }
  for (const [index, { x, width: length }] of segments.entries()) {
    const next = segments[index + 1];
    expect(length).toBeGreaterThanOrEqual(2);
    if (next !== undefined) expect(next.x).toBeGreaterThan(x + length);
  }
  if (band) expect(band.width).toBeGreaterThanOrEqual(4);
  if (waiting) expect(waiting.x + waiting.width).toBeLessThanOrEqual(limit);
};

describe('The capacity bar', () => {
  test.each(SITUATIONS)('The bar of a pool that is "%s" keeps the invariants at 160 and 320 px.', (_, given) => {
    for (const width of [160, 320]) expectInvariants({ ...EMPTY, ...given }, width);
  });

  test('Any pool has whole pixels, poolMax at 90 %, and segments in order with a gap between them.', () => {
    fc.assert(fc.property(anyCapacity, anyWidth, expectInvariants), { numRuns: 1_000 });
  });

  test('Every kind that has members has a segment with their number, and no other has one.', () => {
    fc.assert(
      fc.property(anyCapacity, anyWidth, (capacity, width) => {
        const shown = Object.fromEntries(
          capacityBarShapes(capacity, width).segments.map((segment) => [segment.kind, segment.count]),
        );
        const { allocated, available, starting, failed, terminating } = capacity;
        const counts = Object.entries({ allocated, available, starting, failed, terminating });
        expect(shown).toEqual(Object.fromEntries(counts.filter(([, members]) => members)));
      }),
    );
  });

  test('Only a pool with more members than poolMax has a segment beyond it.', () => {
    fc.assert(
      fc.property(anyCapacity, anyWidth, (capacity, width) => {
        const { allocated, available, starting = 0, failed = 0, terminating = 0, poolMax } = capacity;
        const { segments, limit } = capacityBarShapes(capacity, width);
        const end = Math.max(0, ...segments.map((segment) => segment.x + segment.width));
        expect(end > limit).toBe(allocated + available + starting + failed + terminating > poolMax);
      }),
    );
  });

  test('A bufferMax of 0 has no band, and any other has one; it is open where poolMax does not allow all of it.', () => {
    fc.assert(
      fc.property(anyCapacity, anyWidth, (capacity, width) => {
        const { allocated, waiting = 0, bufferMax, poolMax } = capacity;
        const isOpen = allocated + waiting + bufferMax > poolMax;
        expect(capacityBarShapes(capacity, width).band?.isOpen).toBe(bufferMax === 0 ? undefined : isOpen);
      }),
    );
  });

  test('A fill that meets the buffer ends inside the band.', () => {
    const { segments, band } = bar({ allocated: 3, available: 3, bufferMin: 2, bufferMax: 4 });
    const last = segments.at(-1);
    const end = (last?.x ?? 0) + (last?.width ?? 0);
    expect(end).toBeGreaterThan(band?.x ?? Infinity);
    expect(end).toBeLessThan((band?.x ?? 0) + (band?.width ?? 0));
  });

  test('Failed members next to the fill have a gap before them.', () => {
    const { segments } = bar({ available: 4, failed: 6 });
    expect(segments.map(({ x, width }) => x + width)).toEqual([(segments[1]?.x ?? 0) - 1, 144]);
  });

  test('The buffer takes a third of the track in a pool of any size, and slits say where the scale is compressed.', () => {
    const large = bar({ allocated: 3, available: 6, bufferMin: 5, bufferMax: 10, poolMax: 2_000 });
    expect(large.segments.find(({ kind }) => kind === 'available')?.width).toBeGreaterThan(24);
    expect(large.breaks).toHaveLength(1);
    expect(bar({ allocated: 3, available: 6, bufferMin: 5, bufferMax: 10, poolMax: 20 }).breaks).toEqual([]);
  });
});
