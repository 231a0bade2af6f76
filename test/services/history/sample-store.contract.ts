// What every SampleStore does.
import { describe, expect, test } from 'vitest';
import type { SampleStore } from '../../../src/services/history/ports.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

export const describeSampleStore = (name: string, open: () => SampleStore): void => {
  describe(`The sample store: ${name}`, () => {
    test(`${name}: a pool keeps its number, and other pools have other numbers`, () => {
      const store = open();
      const number = store.numberOf('a');
      expect(store.numberOf('b')).not.toBe(number);
      expect(store.numberOf('a')).toBe(number);
      expect([...store.pools()]).toEqual(['a', 'b']);
    });

    test(`${name}: the number of a forgotten pool is never given out again`, async () => {
      const store = open();
      const number = store.numberOf('a');
      await store.addTick(10, () => bytes(1));
      await store.forget('a');
      expect([...store.pools()]).toEqual([]);
      expect(store.numberOf('b')).not.toBe(number);
    });

    test(`${name}: a number is in use until its pool is forgotten`, async () => {
      const store = open();
      const number = store.numberOf('a');
      expect([number, number + 1].map((one) => store.hasNumber(one))).toEqual([true, false]);
      await store.forget('a');
      expect(store.hasNumber(number)).toBe(false);
    });

    test(`${name}: a chunk replaces the one with the same key, and no other`, async () => {
      const store = open();
      const key = { resolution: 'fine', start: 0, pool: 1 } as const;
      await store.putChunks([
        { ...key, bytes: bytes(1) },
        { ...key, pool: 2, bytes: bytes(2) },
        { ...key, resolution: 'coarse', bytes: bytes(3) },
      ]);
      await store.putChunks([{ ...key, bytes: bytes(4) }]);
      expect(store.getChunk(key)).toEqual(bytes(4));
      expect(store.getChunk({ ...key, pool: 2 })).toEqual(bytes(2));
      expect(store.getChunk({ ...key, resolution: 'coarse' })).toEqual(bytes(3));
      expect(store.getChunk({ ...key, start: 1_800 })).toBeUndefined();
    });

    test(`${name}: forgetting a pool removes its chunks and no others`, async () => {
      const store = open();
      const [a, b] = [store.numberOf('a'), store.numberOf('b')];
      const chunks = (['fine', 'coarse'] as const).flatMap((resolution) =>
        [0, 21_600].flatMap((start) => [a, b].map((pool) => ({ resolution, start, pool, bytes: bytes(1) }))),
      );
      await store.putChunks(chunks);
      await store.forget('a');
      for (const chunk of chunks) expect(store.getChunk(chunk) === undefined).toBe(chunk.pool === a);
    });

    test(`${name}: the oldest chunks are removed one start after the other, and never those of a later start`, async () => {
      const store = open();
      const chunk = (start: number, pool: number) => ({ resolution: 'fine', start, pool, bytes: bytes(1) }) as const;
      await store.putChunks([chunk(0, 1), chunk(0, 2), chunk(1_800, 1), chunk(3_600, 1)]);
      expect(await store.removeOldest('fine', 3_600)).toBe(true);
      expect([0, 1_800, 3_600].map((start) => store.getChunk(chunk(start, 1)) !== undefined)).toEqual([
        false,
        true,
        true,
      ]);
      expect(await store.removeOldest('fine', 3_600)).toBe(true);
      expect(await store.removeOldest('fine', 3_600)).toBe(false);
      expect(await store.removeOldest('coarse', 3_600)).toBe(false);
      expect(store.getChunk(chunk(3_600, 1))).toEqual(bytes(1));
    });
  });
};
