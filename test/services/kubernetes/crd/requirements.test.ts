// Which differences between CRDs matter under which controller.
import { describe, expect, test } from 'vitest';
import { differences, describe as sentenceOf } from '../../../../src/services/kubernetes/crd/difference.ts';
import { dropsConditions, matters } from '../../../../src/services/kubernetes/crd/requirements.ts';

const object = <Properties extends object>(properties: Properties, more: object = {}) => ({
  type: 'object',
  properties,
  ...more,
});
const integer = { type: 'integer' };
const condition = object({ type: { type: 'string' }, reason: { type: 'string' } }, { required: ['type'] });
const spec = object({ size: integer, type: { type: 'string', enum: ['A', 'B'], default: 'A' } });
const status = object({ total: integer, conditions: { type: 'array', items: condition } }, { required: ['total'] });

type Changes = { spec?: object; status?: object; version?: object };

const crd = ({ spec: changedSpec = spec, status: changedStatus = status, version }: Changes = {}) => ({
  columns: { Ready: '.status.ready' },
  versions: {
    v1: { served: true, status: true, schema: object({ spec: changedSpec, status: changedStatus }), ...version },
  },
});

const important = (theirs: object, controller: 'opensandbox' | 'warmpool') =>
  differences(crd(), theirs)
    .filter((difference) => matters(difference, controller))
    .map(sentenceOf);

describe('A difference in the specification', () => {
  test.each(['opensandbox', 'warmpool'] as const)(
    'Under controller %s, a CRD that lacks or restricts a field of the specification matters',
    (controller) => {
      expect(important(crd({ spec: object({ type: spec.properties.type }) }), controller)).toEqual([
        'versions.v1.schema.properties.spec.properties.size is missing in the cluster',
      ]);
      for (const theirs of [
        object({ ...spec.properties, size: { type: 'string' } }),
        object({ ...spec.properties, size: { ...integer, maximum: 9 } }),
        object({ ...spec.properties, type: { type: 'string', enum: ['A'] } }),
        object(spec.properties, { required: ['size'] }),
        object(spec.properties, { 'x-kubernetes-validations': [] }),
      ])
        expect(important(crd({ spec: theirs }), controller)).toHaveLength(1);
    },
  );

  test.each(['opensandbox', 'warmpool'] as const)(
    'Under controller %s, a CRD that accepts more than the shipped one does not matter',
    (controller) => {
      for (const theirs of [
        object({ ...spec.properties, other: integer }),
        object({ ...spec.properties, type: { type: 'string', enum: ['C', 'B', 'A'] } }),
        object({ ...spec.properties, type: { type: 'string' } }),
        object(spec.properties, { 'x-kubernetes-preserve-unknown-fields': true }),
      ])
        expect(important(crd({ spec: theirs }), controller)).toEqual([]);
      expect(important({ ...crd(), columns: {} }, controller)).toEqual([]);
    },
  );

  test('A version that is not served, or has no status subresource, matters', () => {
    expect(important(crd({ version: { served: false } }), 'opensandbox')).toHaveLength(1);
    expect(important(crd({ version: { status: false } }), 'opensandbox')).toHaveLength(1);
  });
});

describe('A difference in the status', () => {
  test('A status without conditions matters under controller warmpool only', () => {
    const theirs = crd({ status: object({ total: integer }, { required: ['total'] }) });
    expect(important(theirs, 'opensandbox')).toEqual([]);
    expect(important(theirs, 'warmpool')).toEqual([
      'versions.v1.schema.properties.status.properties.conditions is missing in the cluster',
    ]);
  });

  test('A status that requires a field that Warmpool does not write matters under controller warmpool only', () => {
    const theirs = crd({ status: object({ ...status.properties, old: integer }, { required: ['total', 'old'] }) });
    expect(important(theirs, 'opensandbox')).toEqual([]);
    expect(important(theirs, 'warmpool')).toHaveLength(1);
  });

  test('Only a CRD that lacks a field of the conditions drops conditions', () => {
    const drops = (theirs: object) => differences(crd(), theirs).some(dropsConditions);
    const withItems = (items: object) =>
      crd({ status: object({ total: integer, conditions: { type: 'array', items } }, { required: ['total'] }) });
    expect(drops(withItems(object({ type: { type: 'string' } })))).toBe(true);
    expect(drops(withItems(object({ ...condition.properties, more: integer }, { required: ['type'] })))).toBe(false);
    expect(drops(crd({ spec: object({}) }))).toBe(false);
  });
});
