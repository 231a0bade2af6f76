import { expect, test } from 'vitest';
import { revisionOf } from '../../../src/services/planning/revision.ts';

const templateRevision = (template: object | undefined) =>
  revisionOf({ specification: { template: template as Record<string, unknown> | undefined } });

const parsed = (json: string) => JSON.parse(json) as object;

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

test('A revision is ten hexadecimal digits that stay the same from release to release', () => {
  // Another value here would replace every member of every pool on an upgrade.
  expect(templateRevision(template)).toBe('067f84f677');
});

test('The order of keys does not change the revision, at any depth', () => {
  expect(templateRevision(sameInOtherOrder)).toBe(templateRevision(template));
});

test.each([
  ['the order of an array', { spec: { ...template.spec, containers: template.spec.containers.toReversed() } }],
  ['a value', { spec: { ...template.spec, tty: false } }],
  ['an additional field', { ...template, metadata: {} }],
  ['a type', { spec: { ...template.spec, tty: 'true' } }],
  ['null instead of a missing field', { ...template, metadata: null }],
  ['a field named __proto__', { ...template, ...parsed('{"x":{"__proto__":1}}') }],
])('The revision changes with %s', (_what, other) => {
  expect(templateRevision(other)).not.toBe(templateRevision(template));
});

test('A field named __proto__ is treated like any other', () => {
  expect(templateRevision(parsed('{"__proto__":{"a":1}}'))).not.toBe(templateRevision(parsed('{"__proto__":{"a":2}}')));
});

test('An empty object and an empty array have different revisions', () => {
  expect(templateRevision({ a: {} })).not.toBe(templateRevision({ a: [] }));
});

test('A pool without a template has a revision', () => {
  expect(templateRevision(undefined)).toMatch(/^[0-9a-f]{10}$/);
});

test('Snapshots of a pool that share a template get their revision without hashing it again', () => {
  let reads = 0;
  const counted = {
    get spec() {
      reads += 1;
      return {};
    },
  };
  const revisions = [1, 2, 3].map(() => revisionOf({ specification: { template: counted } }));
  expect([new Set(revisions).size, reads]).toEqual([1, 1]);
});
