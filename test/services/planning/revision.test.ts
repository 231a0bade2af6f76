import { expect, test } from 'vitest';
import { templateRevision } from '../../../src/services/planning/revision.ts';

const template = {
  spec: {
    containers: [
      { name: 'a', image: 'x:1' },
      { name: 'b', image: 'y:1' },
    ],
    tty: true,
  },
};
const sameInOtherOrder = {
  spec: {
    tty: true,
    containers: [
      { image: 'x:1', name: 'a' },
      { image: 'y:1', name: 'b' },
    ],
  },
};

test('a revision is ten hexadecimal digits that stay the same from release to release', () => {
  // Another value here would replace every member of every pool on an upgrade.
  expect(templateRevision(template)).toBe('067f84f677');
});

test('the order of keys does not count, at any depth', () => {
  expect(templateRevision(sameInOtherOrder)).toBe(templateRevision(template));
});

test.each([
  ['the order of an array', { spec: { ...template.spec, containers: template.spec.containers.toReversed() } }],
  ['a value', { spec: { ...template.spec, tty: false } }],
  ['a member more', { ...template, metadata: {} }],
  ['a type', { spec: { ...template.spec, tty: 'true' } }],
  ['null instead of a missing member', { ...template, metadata: null }],
  ['a member named __proto__', { ...template, ...(JSON.parse('{"x":{"__proto__":1}}') as object) }],
])('%s counts', (_what, other) => {
  expect(templateRevision(other)).not.toBe(templateRevision(template));
});

test('a member named __proto__ is data like any other', () => {
  expect(templateRevision(JSON.parse('{"__proto__":{"a":1}}'))).not.toBe(
    templateRevision(JSON.parse('{"__proto__":{"a":2}}')),
  );
});

test('an empty object and an empty array differ', () => {
  expect(templateRevision({ a: {} })).not.toBe(templateRevision({ a: [] }));
});

test('a pool without a template has a revision, too', () => {
  expect(templateRevision(undefined)).toMatch(/^[0-9a-f]{10}$/);
});
