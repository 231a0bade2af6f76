// In touch with the API server or not, and what reads do then.
import { describe, expect, test } from 'vitest';
import { SyncStatus } from '../../../src/services/kubernetes/cache/sync-status.ts';
import { WarmpoolError } from '../../../src/services/warmpool-error.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const UNREACHABLE = new WarmpoolError('KUBERNETES::UNAVAILABLE', 'cannot be reached');
const FORBIDDEN = new WarmpoolError('KUBERNETES::FORBIDDEN', 'cannot list');

const begin = () => {
  const clock = new FakeClock();
  const told: (string | undefined)[] = [];
  const contact = new SyncStatus(clock, (problem) => told.push(problem?.code));
  const pass = (ms: number) => {
    clock.moveTo(clock.now() + ms);
  };
  return { contact, told, pass };
};

describe('a read before anything was read', () => {
  test('waits for the running attempt', async () => {
    const { contact } = begin();
    contact.begin();
    const read = contact.waitForSync();
    contact.filled();
    await expect(read).resolves.toBeUndefined();
    expect(contact.isReadable).toBe(true);
  });

  test('answers with the error of the attempt', async () => {
    const { contact } = begin();
    contact.begin();
    const read = contact.waitForSync();
    contact.lost(FORBIDDEN, true);
    await expect(read).rejects.toBe(FORBIDDEN);
    await expect(contact.waitForSync()).rejects.toBe(FORBIDDEN);
    expect(contact.notReady).toBe(FORBIDDEN);
  });

  test('waits for 5 s at most', async () => {
    const { contact, pass } = begin();
    contact.begin();
    const read = contact.waitForSync();
    pass(5_000);
    await expect(read).rejects.toMatchObject({ code: 'KUBERNETES::TIMEOUT' });
  });

  test('ends with the reader’s signal', async () => {
    const { contact } = begin();
    contact.begin();
    const abort = new AbortController();
    const read = contact.waitForSync(abort.signal);
    abort.abort(new Error('hung up'));
    await expect(read).rejects.toThrow('hung up');
    await expect(contact.waitForSync(abort.signal)).rejects.toThrow('hung up');
  });
});

describe('a cache that was filled', () => {
  test('stays readable without contact, and tells its age since the last word', () => {
    const { contact, pass } = begin();
    contact.filled();
    pass(60_000);
    expect(contact.ageSeconds()).toBeUndefined();
    contact.heard();
    pass(2_500);
    contact.lost(UNREACHABLE, false);
    pass(1_000);
    expect(contact.ageSeconds()).toBe(3);
    expect(contact.isReadable).toBe(true);
    expect(contact.problem).toBe('Answers are 3 s old: cannot be reached');
    contact.heard();
    expect(contact.ageSeconds()).toBeUndefined();
    expect(contact.problem).toBeUndefined();
  });

  test('is not shown any more when the account is refused and stays so', () => {
    const { contact, pass } = begin();
    contact.filled();
    contact.lost(FORBIDDEN, true);
    expect(contact.isReadable).toBe(true);
    pass(3_000);
    contact.lost(FORBIDDEN, true);
    expect(contact.isReadable).toBe(false);
    expect(contact.problem).toBe('Reads are refused: cannot list');
    expect(contact.notReady).toBeUndefined();
  });

  test('survives the refusals of an API server that has just started', () => {
    const { contact, pass } = begin();
    contact.filled();
    for (let round = 0; round < 3; round++) {
      contact.lost(FORBIDDEN, true);
      pass(2_000);
      contact.filled();
      contact.heard();
    }
    expect(contact.isReadable).toBe(true);
  });
});

test('a list alone does not end a refusal: a watch that stays refused hides what is cached', () => {
  const { contact, pass } = begin();
  contact.filled();
  for (let round = 0; round < 2; round++) {
    contact.lost(FORBIDDEN, true);
    pass(3_000);
    contact.begin();
    contact.filled();
  }
  contact.lost(FORBIDDEN, true);
  expect(contact.isReadable).toBe(false);
  contact.heard();
  expect(contact.isReadable).toBe(true);
});

test('whoever listens is told of each reason once, and of its end', () => {
  const { contact, told } = begin();
  contact.filled();
  contact.lost(UNREACHABLE, false);
  contact.lost(UNREACHABLE, false);
  contact.lost(FORBIDDEN, true);
  contact.heard();
  contact.heard();
  expect(told).toEqual(['KUBERNETES::UNAVAILABLE', 'KUBERNETES::FORBIDDEN', undefined]);
});
