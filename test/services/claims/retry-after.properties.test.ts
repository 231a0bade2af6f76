// What is true for every caller that finds no free member.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryAfterSeconds, type WaitSituation } from '../../../src/services/claims/retry-after.ts';
import { claim, full, NOW, SECOND, servedAfterMs, situation } from './wait-situations.ts';

const RUNS = { numRuns: 2000 };

const small = fc.nat({ max: 9 });
const duration = fc.oneof(fc.nat({ max: 60 * SECOND }), fc.constant(0));
const claims = fc.array(
  fc.tuple(fc.integer({ min: -5, max: 400 }), fc.integer({ min: -5, max: 400 })).map(([age, left]) => claim(age, left)),
  { maxLength: 12 },
);
const recycle = fc.constantFrom('Delete' as const, 'Restart' as const, 'Noop' as const);
const countStrategy = fc.integer({ min: 1, max: 5 }).map((maxUnavailable) => ({ maxUnavailable }));
const anyStrategy = fc.oneof(
  countStrategy,
  fc.constantFrom(undefined, ...['0%', '25%', '100%', 'odd', -3].map((maxUnavailable) => ({ maxUnavailable }))),
);

const anySituation = (scaleStrategy: fc.Arbitrary<WaitSituation['scaleStrategy']>): fc.Arbitrary<WaitSituation> =>
  fc.record({
    nowMs: fc.constant(NOW),
    waiting: fc.oneof(small, fc.nat({ max: 1000 })),
    startingSinceMs: fc.array(
      fc.integer({ min: -5000, max: 90_000 }).map((age) => NOW - age),
      { maxLength: 8 },
    ),
    existing: fc.nat({ max: 25 }),
    capacity: fc.record({ bufferMin: small, bufferMax: small, poolMin: small, poolMax: fc.nat({ max: 25 }) }),
    scaleStrategy,
    startMs: duration,
    stopMs: duration,
    holdMs: fc.option(duration, { nil: undefined }),
    claims,
    recycle,
    backOffUntilMs: fc.constantFrom(undefined, undefined, NOW - 1, NOW + 5000, NOW + 500_000),
  });

describe('For every caller without a free member', () => {
  test('The wait is a whole number of seconds from 1 to 300', () => {
    fc.assert(
      fc.property(anySituation(anyStrategy), (wait) => {
        const seconds = retryAfterSeconds(wait);
        expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 300).toBe(true);
      }),
      RUNS,
    );
  });

  test('The wait is valid even if a time or a duration is not a finite number', () => {
    const odd = fc.constantFrom(NaN, Infinity, -Infinity);
    const field = fc.constantFrom('nowMs', 'startMs', 'stopMs', 'holdMs', 'backOffUntilMs');
    fc.assert(
      fc.property(anySituation(anyStrategy), field, odd, (wait, name, value) => {
        const seconds = retryAfterSeconds({ ...wait, [name]: value });
        expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 300).toBe(true);
      }),
      RUNS,
    );
  });

  test('A caller further back never receives a shorter wait, where maxUnavailable is a number of members', () => {
    fc.assert(
      fc.property(anySituation(countStrategy), (wait) => {
        expect(retryAfterSeconds({ ...wait, waiting: wait.waiting + 1 })).toBeGreaterThanOrEqual(
          retryAfterSeconds(wait),
        );
      }),
      RUNS,
    );
  });

  test('The wait does not depend on the order of members and claims', () => {
    fc.assert(
      fc.property(anySituation(anyStrategy), (wait) => {
        const { startingSinceMs, claims: live } = wait;
        const turned = { startingSinceMs: startingSinceMs.toReversed(), claims: live.toReversed() };
        expect(retryAfterSeconds({ ...wait, ...turned })).toBe(retryAfterSeconds(wait));
      }),
      RUNS,
    );
  });
});

test('At poolMax, the first caller does not wait longer than until the earliest expiry and the recycling', () => {
  const traits = fc.record({ startMs: duration, stopMs: duration, holdMs: fc.option(duration, { nil: undefined }) });
  fc.assert(
    fc.property(claims, traits, recycle, fc.nat({ max: 3 }), (live, given, strategy, terminating) => {
      fc.pre(live.length > 0);
      const existing = live.length + terminating;
      const held = full(live, { ...given, recycle: strategy });
      const wait = { ...held, existing, capacity: { ...held.capacity, poolMax: existing } };
      const recycleMs = { Delete: wait.stopMs + wait.startMs, Restart: wait.startMs, Noop: 0 }[strategy];
      const firstExpiryMs = Math.max(0, Math.min(...live.map(({ expiresAtMs }) => expiresAtMs)) - NOW);
      expect(retryAfterSeconds(wait)).toBeLessThanOrEqual(Math.max(1, Math.ceil((firstExpiryMs + recycleMs) / SECOND)));
    }),
    RUNS,
  );
});

test('A pool that starts members as the scaling rule decides serves the caller when the wait ends', () => {
  const strategy = fc.oneof(countStrategy, fc.constantFrom(undefined, { maxUnavailable: '10%' }));
  const bounds = fc.record({ bufferMin: small, extra: small, poolMin: small, room: fc.integer({ min: 1, max: 30 }) });
  const ages = fc.array(fc.integer({ min: 0, max: 9999 }), { maxLength: 6 });
  fc.assert(
    fc.property(ages, fc.nat({ max: 6 }), bounds, strategy, fc.nat(), (agesMs, held, bound, scaleStrategy, draw) => {
      const existing = agesMs.length + held;
      const poolMax = existing + bound.room;
      const wait = situation({
        startingSinceMs: agesMs.map((age) => NOW - age),
        claims: Array.from({ length: held }, () => claim(0, 600)),
        existing,
        capacity: {
          bufferMin: bound.bufferMin,
          bufferMax: bound.bufferMin + bound.extra,
          poolMin: bound.poolMin,
          poolMax,
        },
        scaleStrategy,
        waiting: draw % (agesMs.length + bound.room),
      });
      expect(retryAfterSeconds(wait)).toBe(Math.min(300, Math.ceil(servedAfterMs(wait) / SECOND)));
    }),
    RUNS,
  );
});
