// What must be true at rest.
import { describe, expect, test } from 'vitest';
import { History, POOL } from './history.ts';

const X = 'a-xxxxxxxx';
/** A buffer of 1 to 2 pods, at most 3. */
const begin = () => new History().pool().start('a').start('b');
const size = (counts: string, band = 'buffer 1 to 2, pool 0 to 3') => [
  `Pool ${POOL} does not have its size: ${counts} (${band})`,
];

describe('The final state', () => {
  test('A pool that has its size, with and without held pods, is at rest', () => {
    expect(begin().final()).toEqual([]);
    expect(begin().hold('a', X).final()).toEqual([]);
    expect(begin().start('c').hold('a', X).hold('b', 'b-x').hold('c', 'c-x').final()).toEqual([]);
  });

  test('A pool with too few ready pods is not at rest', () => {
    expect(new History().pool().final()).toEqual(size('0 ready and 0 other idle pods of 0'));
    expect(begin().hold('a', X).hold('b', 'b-x').final()).toEqual(size('0 ready and 0 other idle pods of 2'));
    const unready = begin().change('b', { isReady: false });
    expect(unready.final()).toEqual(size('1 ready and 1 other idle pods of 2'));
    const minimum = new History().pool({ capacity: { poolMin: 2 } }).start('a');
    expect(minimum.final()).toEqual(size('1 ready and 0 other idle pods of 1', 'buffer 1 to 2, pool 2 to 3'));
  });

  test('A pool with too many idle pods is not at rest, unless poolMin asks for them', () => {
    expect(begin().start('c').final()).toEqual(size('3 ready and 0 other idle pods of 3'));
    expect(
      begin()
        .start('c')
        .pool({ capacity: { poolMin: 3 } })
        .final(),
    ).toEqual([]);
  });

  test('Pools that are not managed, or deleted, have no size', () => {
    expect(new History().pool({ isManaged: false }).final()).toEqual([]);
    expect(new History().pool({ deletionTimestamp: '2026-01-01T00:00:00Z' }).final()).toEqual([]);
    expect(new History().pool().poolGone().final()).toEqual([]);
  });

  test('A pod of a pool that does not exist must be gone, unless it is held', () => {
    const history = new History().pool({ capacity: { bufferMin: 0 } });
    const orphan = { annotations: { 'warmpool.dev/idle': '0' }, poolUid: 'uid-old' };
    expect(history.create('a', orphan).final()).toEqual(['Pod a is of a pool that does not exist']);
    const held = new History().create('a', orphan).hold('a', X);
    expect(held.final()).toEqual([]);
  });

  test('No pod is left with a mark of an ended claim, or without one', () => {
    const started = () => begin().start('c');
    expect(started().hold('a', X).end('a', X).final()).toEqual([`Pod a still has claim ${X} as ended`]);
    const restarting = started().hold('a', X).hold('a', X, { state: 'restarting', end: 'expired' });
    expect(restarting.final()).toEqual([`Pod a still has claim ${X} as restarting`]);
    expect(started().mark('a', undefined).final()).toEqual(['Pod a has no mark, and was not deleted']);
    expect(started().hold('a', X).end('a', X).terminate('a').final()).toEqual([]);
  });

  test('A claim is not held for more than 20 s after it expired', () => {
    const expiresAt = '2026-01-01T00:00:10.000Z';
    const history = begin().hold('a', X, { expiresAt }).pass(20);
    expect(history.final()).toEqual([]);
    expect(history.pass(10).final()).toEqual([`Pod a is held by claim ${X}, which expired at ${expiresAt}`]);
  });

  test('A claim with an Idempotency-Key has a Lease that names it', () => {
    const history = () => begin().hold('a', X, { key: 'hash' });
    expect(history().final()).toEqual([]);
    const stray = [`Claim ${X} is a stray: no Lease commits its Idempotency-Key to it`];
    expect(history().pass(90).final()).toEqual(stray);
    expect(
      history()
        .pass(90)
        .final([{ name: 'warmpool-key-hash', content: '{"void":true}' }]),
    ).toEqual(stray);
    expect(
      history()
        .pass(90)
        .final([{ name: 'warmpool-key-hash', content: `{"claim":"${X}"}` }]),
    ).toEqual([]);
  });
});
