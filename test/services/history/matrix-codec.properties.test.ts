// What is true for all rows of integers that are encoded.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMatrix, encodeMatrix } from '../../../src/services/history/matrix-codec.ts';

const RUNS = { numRuns: 500 };

/** Rows of `columns` integers; extreme ones, whose differences do not fit into 32 bits, are frequent. */
const anyMatrix = fc
  .record({ columns: fc.integer({ min: 1, max: 12 }), rows: fc.nat({ max: 60 }) })
  .chain(({ columns, rows }) =>
    fc
      .array(fc.oneof(fc.constantFrom(-1, 0, 1, 2 ** 31 - 1, -(2 ** 31)), fc.integer({ min: -1, max: 50 })), {
        minLength: columns * rows,
        maxLength: columns * rows,
      })
      .map((values) => ({ columns, rows, values: Int32Array.from(values) })),
  );

test('Decoding what was encoded returns the same integers', () => {
  fc.assert(
    fc.property(anyMatrix, ({ columns, rows, values }) => {
      expect(decodeMatrix(encodeMatrix(values, columns), columns, Math.max(1, rows))).toEqual(values);
    }),
    RUNS,
  );
});

test('Bytes in which one bit was changed are refused or decode to the same integers', () => {
  fc.assert(
    fc.property(anyMatrix, fc.nat(), fc.nat({ max: 7 }), ({ columns, rows, values }, place, bit) => {
      const bytes = encodeMatrix(values, columns);
      const index = place % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      let decoded: Int32Array | undefined;
      try {
        decoded = decodeMatrix(bytes, columns, Math.max(1, rows));
      } catch {
        return;
      }
      expect(decoded).toEqual(values);
    }),
    RUNS,
  );
});

test('Bytes that were cut off are refused', () => {
  fc.assert(
    fc.property(anyMatrix, fc.nat(), ({ columns, rows, values }, length) => {
      const bytes = encodeMatrix(values, columns);
      expect(() => decodeMatrix(bytes.subarray(0, length % bytes.length), columns, Math.max(1, rows))).toThrow();
    }),
    RUNS,
  );
});

test('Bytes with more rows than expected are refused, however well they are compressed', () => {
  const bytes = encodeMatrix(new Int32Array(8 * 100_000), 8);
  expect(bytes.length).toBeLessThan(10_000);
  expect(() => decodeMatrix(bytes, 8, 180)).toThrow();
});

test('A thousand quiet samples take less than 100 bytes', () => {
  const values = Int32Array.from({ length: 8 * 1_000 }, (_, index) => index % 8);
  expect(encodeMatrix(values, 8).length).toBeLessThan(100);
});
