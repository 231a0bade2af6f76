// Retry records in edge cases: expiry, restarts, copies.
import { describe, expect, test } from 'vitest';
import { editStore, startRuntime } from '../../support/local-runtime.ts';
import { capacity, template } from '../../support/pools.ts';
import { temporaryFolder } from '../../support/test-server.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const given = { template: template(), capacitySpec: capacity(0, 0) };
const retry = { key: 'k', caller: 'caller', options: {} };
const EXISTS = { code: 'KUBERNETES::POOL_ALREADY_EXISTS' };
const REUSED = { code: 'IDEMPOTENCY::KEY_REUSED' };

describe('A retry record', () => {
  test('A retry record is valid for 24 hours and not a millisecond longer', async () => {
    const { pools, clock } = await startRuntime();
    const { after } = await pools.create('a', given, { retry });
    const madeMs = clock.now();
    clock.moveTo(madeMs + DAY_MS - 1);
    expect(await pools.create('a', given, { retry })).toEqual({ after: await pools.get('a'), isReplay: true });
    await expect(pools.create('b', given, { retry })).rejects.toMatchObject(REUSED);
    clock.moveTo(madeMs + DAY_MS);
    await expect(pools.create('a', given, { retry })).rejects.toMatchObject(EXISTS);
    expect((await pools.get('a')).uid).toBe(after.uid);
  });

  test('An expired key belongs to the next pool created with it, even after a change to the old pool and a restart', async () => {
    const first = await startRuntime();
    await first.pools.create('old', given, { retry });
    await first.advance(DAY_MS);
    const { after } = await first.pools.create('new', given, { retry });
    await first.pools.patch('old', { labels: { changed: 'later' } });
    await expect(first.pools.create('other', given, { retry })).rejects.toMatchObject(REUSED);
    await first.stop();
    const second = await startRuntime({ folder: first.folder, clock: first.clock });
    await expect(second.pools.create('other', given, { retry })).rejects.toMatchObject(REUSED);
    const again = await second.pools.create('new', given, { retry });
    expect([again.isReplay, again.after.uid]).toEqual([true, after.uid]);
  });

  test('A retry record survives a restart, and expires after it', async () => {
    const first = await startRuntime();
    const { after } = await first.pools.create('a', given, { retry });
    await first.stop();
    const second = await startRuntime({ folder: first.folder, clock: first.clock });
    expect(await second.pools.create('a', given, { retry })).toMatchObject({
      isReplay: true,
      after: { uid: after.uid },
    });
    second.clock.moveTo(second.clock.now() + DAY_MS);
    await expect(second.pools.create('a', given, { retry })).rejects.toMatchObject(EXISTS);
  });

  test('A retry record that was copied to another pool is ignored', async () => {
    const first = await startRuntime();
    const { after } = await first.pools.create('a', given, { retry });
    await first.stop();
    await editStore(first.folder, (store) => store.create('copy', after.specification));
    const { pools } = await startRuntime({ folder: first.folder, clock: first.clock });
    const again = await pools.create('a', given, { retry });
    expect(again).toMatchObject({ isReplay: true, after: { name: 'a', uid: after.uid } });
    await pools.delete('a');
    expect(await pools.create('a', given, { retry })).toMatchObject({ after: { name: 'a' } });
  });

  test.each(['', 'no json', '{}', '{"key":1}', 'null'])('The invalid retry record %j is ignored', async (text) => {
    const folder = temporaryFolder();
    const annotations = { 'warmpool.dev/idempotency': text };
    await editStore(folder, (store) => store.create('a', { ...given, labels: {}, annotations }));
    const { pools } = await startRuntime({ folder });
    await expect(pools.create('a', given, { retry })).rejects.toMatchObject(EXISTS);
  });
});

test('After a request fails, those that waited for it make their own attempt', async () => {
  const { pools, clock } = await startRuntime();
  await pools.create('a', given);
  const waiting = await Promise.allSettled([1, 2].map(() => pools.create('a', given, { retry })));
  expect(waiting).toMatchObject([{ reason: EXISTS }, { reason: EXISTS }]);
  await pools.delete('a');
  const made = await pools.create('a', given, { retry });
  expect(made.isReplay ?? false).toBe(false);
  expect(Date.parse(made.after.createdAt)).toBe(clock.now());
});
