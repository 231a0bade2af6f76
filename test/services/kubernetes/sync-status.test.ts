// Whether the cache is in sync with the API server, and what reads return if it is not.
import { describe, expect, test } from 'vitest';
import { SyncStatus } from '../../../src/services/kubernetes/cache/sync-status.ts';
import { WarmpoolError } from '../../../src/services/warmpool-error.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const UNREACHABLE = new WarmpoolError('KUBERNETES::UNAVAILABLE', 'cannot be reached');
const FORBIDDEN = new WarmpoolError('KUBERNETES::FORBIDDEN', 'cannot list');

const createStatus = () => {
  const clock = new FakeClock();
  const changes: (string | undefined)[] = [];
  const status = new SyncStatus(clock, (problem) => changes.push(problem?.code));
  const advance = (ms: number) => {
    clock.moveTo(clock.now() + ms);
  };
  return { status, changes, advance };
};

describe('Reads before the first list', () => {
  test('Before the first list, a read waits for the running one', async () => {
    const { status } = createStatus();
    status.listing();
    const read = status.waitForSync();
    status.listed();
    await expect(read).resolves.toBeUndefined();
    expect(status.isReadable).toBe(true);
  });

  test('Before the first list, a read rejects with the error of the running one', async () => {
    const { status } = createStatus();
    status.listing();
    const read = status.waitForSync();
    status.disconnected(FORBIDDEN, true);
    await expect(read).rejects.toBe(FORBIDDEN);
    await expect(status.waitForSync()).rejects.toBe(FORBIDDEN);
    expect(status.notReady).toBe(FORBIDDEN);
  });

  test('Before the first list, a read waits for 5 s at most', async () => {
    const { status, advance } = createStatus();
    status.listing();
    const read = status.waitForSync();
    advance(5_000);
    await expect(read).rejects.toMatchObject({ code: 'KUBERNETES::TIMEOUT' });
  });

  test('Before the first list, a read ends when its signal aborts', async () => {
    const { status } = createStatus();
    status.listing();
    const abort = new AbortController();
    const read = status.waitForSync(abort.signal);
    abort.abort(new Error('hung up'));
    await expect(read).rejects.toThrow('hung up');
    await expect(status.waitForSync(abort.signal)).rejects.toThrow('hung up');
  });
});

describe('Reads after a list', () => {
  test('Reads continue while disconnected, with the time since the last sync as their age', () => {
    const { status, advance } = createStatus();
    status.listed();
    advance(60_000);
    expect(status.ageSeconds()).toBeUndefined();
    status.connected();
    advance(2_500);
    status.disconnected(UNREACHABLE, false);
    advance(1_000);
    expect(status.ageSeconds()).toBe(3);
    expect(status.isReadable).toBe(true);
    expect(status.problem).toBe('Reads are 3 s old: cannot be reached');
    status.connected();
    expect(status.ageSeconds()).toBeUndefined();
    expect(status.problem).toBeUndefined();
  });

  test('Reads are refused once the account has been refused for 3 s', () => {
    const { status, advance } = createStatus();
    status.listed();
    status.disconnected(FORBIDDEN, true);
    expect(status.isReadable).toBe(true);
    advance(3_000);
    status.disconnected(FORBIDDEN, true);
    expect(status.isReadable).toBe(false);
    expect(status.problem).toBe('Reads are refused: cannot list');
    expect(status.notReady).toBeUndefined();
  });

  test('Reads survive the refusals of an API server that has just started', () => {
    const { status, advance } = createStatus();
    status.listed();
    for (let round = 0; round < 3; round++) {
      status.disconnected(FORBIDDEN, true);
      advance(2_000);
      status.listed();
      status.connected();
    }
    expect(status.isReadable).toBe(true);
  });

  test('A refusal ends when the API server becomes unreachable', () => {
    const { status, advance } = createStatus();
    status.listed();
    status.disconnected(FORBIDDEN, true);
    advance(3_000);
    status.disconnected(FORBIDDEN, true);
    status.disconnected(UNREACHABLE, false);
    expect(status.isReadable).toBe(true);
    status.disconnected(FORBIDDEN, true);
    expect(status.isReadable).toBe(true);
  });
});

test('A list alone does not end a refusal: reads stay refused until a watch opens', () => {
  const { status, advance } = createStatus();
  status.listed();
  for (let round = 0; round < 2; round++) {
    status.disconnected(FORBIDDEN, true);
    advance(3_000);
    status.listing();
    status.listed();
  }
  status.disconnected(FORBIDDEN, true);
  expect(status.isReadable).toBe(false);
  status.connected();
  expect(status.isReadable).toBe(true);
});

test('A write that is forbidden while the cache is out of sync is reported as a starting API server', () => {
  const { status } = createStatus();
  expect(status.explain(FORBIDDEN)).toBe(FORBIDDEN);
  status.listed();
  expect(status.explain(FORBIDDEN)).toBe(FORBIDDEN);
  status.disconnected(UNREACHABLE, false);
  expect(status.explain(FORBIDDEN)).toMatchObject({ code: 'KUBERNETES::UNAVAILABLE' });
  expect(status.explain(UNREACHABLE)).toBe(UNREACHABLE);
});

test('A write that stays forbidden for 3 s is reported as forbidden, however long the cache has been stale', () => {
  const { status, advance } = createStatus();
  status.listed();
  status.disconnected(UNREACHABLE, false);
  advance(60_000);
  expect(status.explain(FORBIDDEN)).toMatchObject({ code: 'KUBERNETES::UNAVAILABLE' });
  advance(2_999);
  status.disconnected(UNREACHABLE, false);
  expect(status.explain(FORBIDDEN)).toMatchObject({ code: 'KUBERNETES::UNAVAILABLE' });
  advance(1);
  expect(status.explain(FORBIDDEN)).toBe(FORBIDDEN);
  status.connected();
  status.disconnected(UNREACHABLE, false);
  expect(status.explain(FORBIDDEN)).toMatchObject({ code: 'KUBERNETES::UNAVAILABLE' });
});

test('Each reason for a lost sync is reported once, and so is its end', () => {
  const { status, changes } = createStatus();
  status.listed();
  status.disconnected(UNREACHABLE, false);
  status.disconnected(UNREACHABLE, false);
  status.disconnected(FORBIDDEN, true);
  status.connected();
  status.connected();
  expect(changes).toEqual(['KUBERNETES::UNAVAILABLE', 'KUBERNETES::FORBIDDEN', undefined]);
});
