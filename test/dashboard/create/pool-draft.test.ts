import { describe, expect, test } from 'vitest';
import {
  FIELDS,
  labelsOf,
  NEW_POOL,
  parseShare,
  textAt,
  toLabels,
  withField,
} from '../../../src/dashboard/pages/create/pool-draft.ts';
import { checkCreate, toYaml } from '../../../src/dashboard/yaml/pool-yaml.ts';

describe('The draft of a new pool', () => {
  test('It lacks nothing but a name.', () => {
    expect(checkCreate(toYaml(NEW_POOL)).problems).toMatchObject([{ path: ['name'] }]);
    expect(checkCreate(toYaml({ ...NEW_POOL, name: 'agents' })).request).toEqual({ ...NEW_POOL, name: 'agents' });
  });

  test('Every field that is written is read again, and the others stay.', () => {
    const draft = Object.values(FIELDS).reduce((before, path) => withField(before, path, 'x'), NEW_POOL);
    for (const path of Object.values(FIELDS)) expect(textAt(draft, path)).toBe('x');
    expect(draft.capacitySpec).toEqual(NEW_POOL.capacitySpec);
  });

  test('An image can be written where the YAML has no container.', () => {
    for (const template of [undefined, {}, { spec: { containers: [] } }])
      expect(withField({ ...NEW_POOL, template }, FIELDS.image, 'a').template).toEqual({
        spec: { containers: [{ image: 'a' }] },
      });
  });

  test('A strategy whose field is emptied is not in the YAML.', () => {
    const draft = withField(withField(NEW_POOL, FIELDS.scale, 3), FIELDS.scale, undefined);
    expect(toYaml(draft)).toBe(toYaml(NEW_POOL));
  });

  test('A value that is not a text or a number is shown as empty.', () => {
    expect(textAt({ name: ['a'] }, FIELDS.name)).toBe('');
    expect(textAt({ template: null }, FIELDS.image)).toBe('');
    expect(textAt({ scaleStrategy: { maxUnavailable: 0 } }, FIELDS.scale)).toBe('0');
  });
});

test.each([
  ['', undefined],
  ['  ', undefined],
  [' 3 ', 3],
  ['25%', '25%'],
  ['many', 'many'],
])('The share "%s" is read as %s', (text, share) => {
  expect(parseShare(text)).toBe(share);
});

test('Labels are written as tags and read again, with "=" in a value', () => {
  const labels = { env: 'prod', note: 'a=b', empty: '' };
  expect(labelsOf({ labels })).toEqual(['env=prod', 'note=a=b', 'empty=']);
  expect(toLabels(labelsOf({ labels }))).toEqual(labels);
});

test('A tag without "=" is a label with an empty value, and no tags are no labels', () => {
  expect(toLabels(['env'])).toEqual({ env: '' });
  expect(toLabels([])).toBeUndefined();
});
