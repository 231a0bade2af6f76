import { describe, expect, test } from 'vitest';
import { WorkQueue } from '../../../src/services/controller/work-queue.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const queueOf = (work: (key: string) => Promise<void>, concurrency = 32) => {
  const clock = new FakeClock();
  const errors: { key: string; retryMs: number }[] = [];
  const onError = (key: string, _error: unknown, retryMs: number) => errors.push({ key, retryMs });
  const backOff = { firstMs: 1_000, longestMs: 10_000 };
  return { clock, errors, queue: new WorkQueue({ work, onError, backOff, clock, concurrency }) };
};

const nothing = () => Promise.resolve();

describe('A key', () => {
  test('A key that is added many times while it waits is processed once', async () => {
    const worked: string[] = [];
    const { queue } = queueOf((key) => {
      worked.push(key);
      return Promise.resolve();
    });
    for (const key of ['a', 'b', 'a', 'a', 'b']) queue.add(key);
    await queue.idle();
    expect(worked).toEqual(['a', 'b']);
  });

  test('A key that is added while it is processed is processed again, never twice at the same time', async () => {
    let running = 0;
    let most = 0;
    let passes = 0;
    const { queue } = queueOf(async (key) => {
      most = Math.max(most, ++running);
      if (++passes < 3) queue.add(key);
      await nothing();
      running--;
    });
    queue.add('a');
    await queue.idle();
    expect([passes, most]).toEqual([3, 1]);
  });

  test('A key whose work hangs does not delay the others', async () => {
    const worked: string[] = [];
    const hanging = Promise.withResolvers<undefined>();
    const { queue } = queueOf(async (key) => {
      if (key === 'hangs') await hanging.promise;
      worked.push(key);
    });
    queue.add('hangs');
    queue.add('a');
    await expect.poll(() => worked).toEqual(['a']);
    hanging.resolve(undefined);
    await queue.idle();
    expect(worked).toEqual(['a', 'hangs']);
  });

  test('Work that fails is retried after waits that double, with jitter, up to the longest one', async () => {
    const tries: number[] = [];
    const { queue, clock, errors } = queueOf(() => {
      tries.push(clock.now());
      return Promise.reject(new Error('broken'));
    });
    const steps = [1_000, 2_000, 4_000, 8_000, 10_000, 10_000];
    queue.add('a');
    await queue.idle();
    for (const [index, step] of steps.entries()) {
      const earliest = (tries[index] ?? NaN) + step * 0.75;
      clock.moveTo(earliest - 1);
      await queue.idle();
      expect(tries, 'no attempt before its time').toHaveLength(index + 1);
      clock.moveTo(earliest + step / 4);
      await queue.idle();
      expect(tries, 'an attempt within its time').toHaveLength(index + 2);
    }
    expect(errors).toHaveLength(steps.length + 1);
  });

  test('Keys that fail together are not retried together', async () => {
    const { queue, errors } = queueOf(() => Promise.reject(new Error('broken')));
    for (let index = 0; index < 20; index++) queue.add(String(index));
    await queue.idle();
    expect(new Set(errors.map(({ retryMs }) => retryMs)).size).toBeGreaterThan(1);
  });

  test('Work that succeeds resets the back-off of its key', async () => {
    let isBroken = true;
    const { queue, clock, errors } = queueOf(() => (isBroken ? Promise.reject(new Error('broken')) : nothing()));
    const tryAgain = async () => {
      clock.moveTo(clock.nextAtMs ?? 0);
      await queue.idle();
    };
    queue.add('a');
    await queue.idle();
    for (let round = 0; round < 3; round++) await tryAgain();
    isBroken = false;
    await tryAgain();
    expect([errors.length, clock.nextAtMs]).toEqual([4, undefined]);
    isBroken = true;
    queue.add('a');
    await queue.idle();
    expect(errors.at(-1)?.retryMs).toBeLessThanOrEqual(1_000);
  });

  test('A key with several delays is processed once, after the shortest one', async () => {
    const worked: number[] = [];
    const { queue, clock } = queueOf(() => {
      worked.push(clock.now());
      return Promise.resolve();
    });
    const startMs = clock.now();
    for (const delayMs of [500, 200, 900]) queue.addAfter('a', delayMs);
    clock.moveTo(startMs + 199);
    await queue.idle();
    expect(worked).toEqual([]);
    clock.moveTo(startMs + 200);
    await queue.idle();
    clock.moveTo(startMs + 1_000);
    await queue.idle();
    expect(worked).toEqual([startMs + 200]);
  });
});

describe('The queue', () => {
  test('The queue processes a bounded number of keys at once', async () => {
    let running = 0;
    let most = 0;
    const { queue } = queueOf(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    }, 4);
    for (let index = 0; index < 50; index++) queue.add(String(index));
    await queue.idle();
    expect(most).toBe(4);
  });

  test('A queue that shuts down finishes what is running and starts nothing more', async () => {
    const worked: string[] = [];
    const gate = Promise.withResolvers<undefined>();
    const { queue, clock } = queueOf(async (key) => {
      await gate.promise;
      worked.push(key);
    }, 1);
    queue.add('running');
    queue.add('waiting');
    queue.addAfter('delayed', 10);
    const stopped = queue.shutDown();
    queue.add('late');
    gate.resolve(undefined);
    await stopped;
    clock.moveTo(clock.now() + 100);
    await queue.idle();
    expect(worked).toEqual(['running']);
  });
});
