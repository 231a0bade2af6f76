import { expect, test } from 'vitest';
import { createPath } from '../../src/dashboard/pool/create-path.ts';

test('The filters of the overview stay in the URL of the dialog that creates a pool', () => {
  expect(createPath('/', 'state=failing&q=a')).toBe('/create?state=failing&q=a');
  expect(createPath('/create', 'q=a')).toBe('/create?q=a');
});

test('The dialog that creates a pool takes over nothing from the URL of a pool', () => {
  expect(createPath('/pools/agents', 'range=15')).toBe('/create');
  expect(createPath('/', '')).toBe('/create');
});
