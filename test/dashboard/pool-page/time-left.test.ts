import { expect, test } from 'vitest';
import { timeLeft } from '../../../src/dashboard/pages/pool/claims/time-left.ts';

const claim = { expiresAt: '2026-11-26T12:10:00Z', ttlSeconds: 600 };
const at = (time: string) => timeLeft(claim, Date.parse(`2026-11-26T${time}Z`));

test('The time left of a claim is a share of its ttl', () => {
  expect(at('12:05:00')).toEqual({ ms: 300_000, share: 0.5, isSoon: false });
});

test('A claim ends soon when less than a fifth of its ttl is left', () => {
  expect(at('12:08:00').isSoon).toBe(false);
  expect(at('12:08:01').isSoon).toBe(true);
});

test('A claim whose time is over has none left', () => {
  expect(at('12:11:00')).toEqual({ ms: 0, share: 0, isSoon: true });
});

test('Where the clock of the browser is slow, a claim has at most all of its ttl left', () => {
  expect(at('11:59:00').share).toBe(1);
});
