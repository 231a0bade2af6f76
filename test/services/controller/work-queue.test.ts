import { describe, expect, test } from 'vitest';
import { WorkQueue } from '../../../src/services/controller/work-queue.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const open = (work: (key: string) => Promise<void>, concurrency?: number) => {
  const clock = new FakeClock();
  const errors: { key: string; retryMs: number }[] = [];
  const onError = (key: string, _error: unknown, retryMs: number) => errors.push({ key, retryMs });
  return { clock, errors, queue: new WorkQueue({ work, onError, clock, ...(concurrency && { concurrency }) }) };
};

const nothing = () => Promise.resolve();

describe('a key', () => {
  test('that is added many times while it waits is worked on once', async () => {
    const worked: string[] = [];
    const { queue } = open((key) => {
      worked.push(key);
      return Promise.resolve();
    });
    for (const key of ['a', 'b', 'a', 'a', 'b']) queue.add(key);
    await queue.idle();
    expect(worked).toEqual(['a', 'b']);
  });

  test('that is added while it is worked on is worked on again, never twice at a time', async () => {
    let running = 0;
    let most = 0;
    let passes = 0;
    const { queue } = open(async (key) => {
      most = Math.max(most, ++running);
      if (++passes < 3) queue.add(key);
      await nothing();
      running--;
    });
    queue.add('a');
    await queue.idle();
    expect([passes, most]).toEqual([3, 1]);
  });

  test('that hangs holds up no other', async () => {
    const worked: string[] = [];
    const hanging = Promise.withResolvers<undefined>();
    const { queue } = open(async (key) => {
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

  test('whose work fails is tried again, ever later, at most every five minutes', async () => {
    let isBroken = true;
    const { queue, clock, errors } = open(() => (isBroken ? Promise.reject(new Error('broken')) : nothing()));
    queue.add('a');
    for (let round = 0; round < 12; round++) {
      await queue.idle();
      clock.moveTo(clock.nextAtMs ?? 0);
    }
    await queue.idle();
    const waits = errors.map(({ retryMs }) => retryMs);
    for (const [index, wait] of waits.entries()) {
      const step = Math.min(1_000 * 2 ** index, 300_000);
      expect(wait).toBeGreaterThanOrEqual(step * 0.75);
      expect(wait).toBeLessThanOrEqual(step);
    }
    isBroken = false;
    clock.moveTo(clock.nextAtMs ?? 0);
    await queue.idle();
    expect([errors.length, clock.nextAtMs]).toEqual([13, undefined]);
  });

  test('with several delays comes at the earliest', async () => {
    const worked: number[] = [];
    const { queue, clock } = open(() => {
      worked.push(clock.now());
      return Promise.resolve();
    });
    const begin = clock.now();
    queue.addAfter('a', 500);
    queue.addAfter('a', 200);
    queue.addAfter('a', 900);
    clock.moveTo(begin + 1_000);
    await queue.idle();
    expect(worked.map((at) => at - begin)).toEqual([1_000]);
    expect(clock.nextAtMs).toBeUndefined();
  });
});

describe('the queue', () => {
  test('works on a bounded number of keys at once', async () => {
    let running = 0;
    let most = 0;
    const { queue } = open(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    }, 4);
    for (let index = 0; index < 50; index++) queue.add(String(index));
    await queue.idle();
    expect(most).toBe(4);
  });

  test('when it stops finishes what runs and begins nothing more', async () => {
    const worked: string[] = [];
    const gate = Promise.withResolvers<undefined>();
    const { queue, clock } = open(async (key) => {
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
