// Which points a request for a history asks for.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeOf } from '../../../src/services/history/range.ts';

const NOW = Date.parse('2026-01-02T12:00:03Z');
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1_000).toISOString();
const epoch = (time: string) => Date.parse(time) / 1_000;

test('Without options, a history has the last 30 minutes in steps of 10 seconds', () => {
  expect(rangeOf({}, NOW)).toEqual({
    resolution: 'fine',
    start: epoch('2026-01-02T11:30:00Z'),
    stepSeconds: 10,
    count: 181,
  });
});

test('With only an end, a history has the 30 minutes before it', () => {
  expect(rangeOf({ to: '2026-01-02T12:00:00Z' }, NOW)).toMatchObject({
    start: epoch('2026-01-02T11:30:00Z'),
    count: 180,
  });
});

test('A day has steps of three minutes by default', () => {
  expect(rangeOf({ from: at(86_400) }, NOW)).toMatchObject({ resolution: 'fine', stepSeconds: 180, count: 481 });
});

test('A range that begins more than a day ago has steps of five minutes or multiples of them', () => {
  expect(rangeOf({ from: at(7 * 86_400) }, NOW)).toMatchObject({ resolution: 'coarse', stepSeconds: 1_500 });
  expect(rangeOf({ from: at(2 * 86_400), to: at(86_400), step: 10 }, NOW)).toMatchObject({ stepSeconds: 300 });
  expect(rangeOf({ from: at(2 * 86_400), to: at(86_400), step: 310 }, NOW)).toMatchObject({ stepSeconds: 600 });
});

test('Points begin at multiples of the step, and the first and the last one may be in the range only in part', () => {
  expect(rangeOf({ from: '2026-01-02T11:00:30Z', to: '2026-01-02T11:02:01Z', step: 60 }, NOW)).toMatchObject({
    start: epoch('2026-01-02T11:00:00Z'),
    count: 3,
  });
});

test('An offset and fractions of a second are part of a time', () => {
  const range = rangeOf({ from: '2026-01-02T12:30:00.250+01:00', to: '2026-01-02T11:31:00Z' }, NOW);
  expect(range).toMatchObject({ start: epoch('2026-01-02T11:30:00Z'), count: 6 });
});

test.each([
  [{ from: at(60), to: at(60) }, 'from', 'must be earlier than `to`'],
  [{ from: at(30), to: at(60) }, 'from', 'must be earlier than `to`'],
  [{ from: at(-60) }, 'from', 'must be earlier than now'],
  [{ from: at(86_400), step: 10 }, 'step', 'must be at least 30 for this range: a history has at most 3000 points'],
  [
    { from: at(30 * 86_400), step: 300 },
    'step',
    'must be at least 900 for this range: a history has at most 3000 points',
  ],
])('The range %j is refused at the field %s: %s', (options, field, message) => {
  expect(() => rangeOf(options, NOW)).toThrow(
    expect.objectContaining({ code: 'REQUEST::INVALID', errors: [{ path: [field], message }] }) as Error,
  );
});

test('For every range, the default has at most 500 points, and the step that an error names is accepted', () => {
  const seconds = fc.integer({ min: 0, max: 40 * 86_400 });
  fc.assert(
    fc.property(seconds, fc.integer({ min: 1, max: 40 * 86_400 }), (end, length) => {
      const options = { from: at(end + length), to: at(end) };
      expect(rangeOf(options, NOW).count).toBeLessThanOrEqual(500);
      try {
        expect(rangeOf({ ...options, step: 10 }, NOW).count).toBeLessThanOrEqual(3_000);
      } catch (error) {
        const step = Number(/at least (\d+)/.exec(String(error))?.[1]);
        expect(rangeOf({ ...options, step }, NOW).count).toBeLessThanOrEqual(3_000);
      }
    }),
  );
});
