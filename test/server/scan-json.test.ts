// Fields that JSON.parse would lose: an error lists a bounded number of them, whatever the client sends.
import { expect, test } from 'vitest';
import { VIOLATIONS_MAX } from '../../src/contract/limits.ts';
import { lostFields } from '../../src/server/http/scan-json.ts';

test('Of a hundred thousand repeated fields, no more are collected than an error can list', () => {
  const text = `{${'"a":1,'.repeat(100_000)}"a":1}`;
  expect(lostFields(text)).toHaveLength(VIOLATIONS_MAX + 1);
});
