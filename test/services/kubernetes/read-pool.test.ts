// Pool custom resources as snapshots, with the conditions that are computed.
import { describe, expect, test } from 'vitest';
import type { PoolResource } from '../../../src/services/kubernetes/resource/pool-resource.ts';
import { readPool } from '../../../src/services/kubernetes/resource/read-pool.ts';
import { capacity, template } from '../../support/pools.ts';

const CREATED = '2026-01-01T00:00:00Z';
const SOON = Date.parse(CREATED) + 29_999;
const LATE = Date.parse(CREATED) + 30_000;

const resource = (
  more: Partial<PoolResource> = {},
  metadata: Partial<PoolResource['metadata']> = {},
): PoolResource => ({
  metadata: {
    uid: 'u',
    name: 'agents',
    resourceVersion: '7',
    generation: 2,
    creationTimestamp: CREATED,
    ...metadata,
  },
  spec: { template: template(), capacitySpec: capacity(2, 4, 0, 10) },
  ...more,
});

const counts = (total: number, allocated: number, available: number, more: object = {}) => ({
  total,
  allocated,
  available,
  revision: 'r1',
  updated: total,
  observedGeneration: 2,
  ...more,
});

const conditionsOf = (status: object, spec: object = {}) => {
  const pool = readPool(resource({ status, spec: { ...(resource().spec as object), ...spec } }), LATE);
  return Object.fromEntries((pool.status?.conditions ?? []).map(({ type, reason }) => [type, reason]));
};

describe('A pool without a status', () => {
  test('A new pool without a status has none for 30 s', () => {
    expect(readPool(resource(), SOON)).not.toHaveProperty('status');
    expect(readPool(resource({ status: {} }), SOON)).not.toHaveProperty('status');
  });

  test('A pool without a status for 30 s has a condition that says so', () => {
    const { status } = readPool(resource(), LATE);
    expect(status).toMatchObject({ total: 0, allocated: 0, available: 0, revision: '' });
    expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'Unknown', reason: 'NotReconciled' }]);
    expect(status?.conditions?.[0]?.message).toMatch(/controller.*Install/s);
  });
});

describe('Conditions', () => {
  test.each([
    ['enough members', counts(2, 0, 2), { Ready: 'BufferMet', Progressing: 'Settled', ScalingLimited: 'NotLimited' }],
    ['too few available', counts(2, 0, 1), { Ready: 'BufferLow', Progressing: 'Growing' }],
    ['none available', counts(0, 0, 0), { Ready: 'Exhausted', Progressing: 'Growing' }],
    ['too many available', counts(6, 0, 6), { Ready: 'BufferMet', Progressing: 'Shrinking' }],
    ['not all updated', counts(3, 0, 3, { updated: 1 }), { Progressing: 'RollingOut' }],
    ['none updated, which is omitted', { ...counts(3, 0, 3), updated: undefined }, { Progressing: 'RollingOut' }],
    [
      'an older controller, which never reports `updated`',
      { ...counts(3, 0, 3), updated: undefined, resetting: 0 },
      { Progressing: 'Settled' },
    ],
    ['observed before the last change', counts(3, 0, 3, { observedGeneration: 1 }), { Progressing: 'RollingOut' }],
    ['no observed generation', counts(3, 0, 3, { observedGeneration: undefined }), { Progressing: 'Settled' }],
    ['poolMax reached', counts(10, 9, 1), { Ready: 'BufferLow', Progressing: 'Settled', ScalingLimited: 'PoolMax' }],
  ])('The conditions are computed from the reported status (%s)', (_what, status, expected) => {
    expect(conditionsOf(JSON.parse(JSON.stringify(status)) as object)).toMatchObject(expected);
  });

  test('poolMin keeps a pool from shrinking, and makes it grow', () => {
    expect(conditionsOf(counts(6, 0, 6), { capacitySpec: capacity(2, 4, 6, 10) })).toMatchObject({
      Progressing: 'Settled',
    });
    expect(conditionsOf(counts(4, 0, 4), { capacitySpec: capacity(2, 4, 6, 10) })).toMatchObject({
      Progressing: 'Growing',
    });
  });

  test('Conditions have a fixed order, without Degraded, which cannot be known', () => {
    expect(Object.keys(conditionsOf(counts(2, 0, 2)))).toEqual(['Ready', 'Progressing', 'ScalingLimited']);
  });

  test('The message of a rollout says how many members are updated', () => {
    const { status } = readPool(resource({ status: counts(3, 0, 3, { updated: 1 }) }), LATE);
    expect(status?.conditions?.[1]?.message).toBe('1 of 3 members are updated.');
  });
});

describe('Fields that break the schema', () => {
  test.each([
    ['a number that is text', { capacitySpec: { ...capacity(), bufferMin: '2' } }, ['spec.capacitySpec.bufferMin']],
    [
      'a number that is missing',
      { capacitySpec: { bufferMin: 1, bufferMax: 2, poolMin: 0 } },
      ['spec.capacitySpec.poolMax'],
    ],
    [
      'a fraction, a negative number, a 64-bit number',
      { capacitySpec: { bufferMin: 1.5, bufferMax: -1, poolMin: 2 ** 40, poolMax: 1 } },
      ['spec.capacitySpec.bufferMax', 'spec.capacitySpec.bufferMin', 'spec.capacitySpec.poolMin'],
    ],
    ['no capacity', { capacitySpec: undefined }, ['spec.capacitySpec.bufferMax']],
    ['a template that is text', { template: 'x' }, ['spec.template']],
    ['a strategy that is a list', { updateStrategy: [] }, ['spec.updateStrategy']],
    ['a recycle type that does not exist', { recycleStrategy: { type: 'Burn' } }, ['spec.recycleStrategy']],
  ])('An unreadable field (%s) is shown as 0 or omitted, and named by the condition', (_what, spec, paths) => {
    const pool = readPool(resource({ spec: { ...(resource().spec as object), ...spec } }), SOON);
    const [condition, ...others] = pool.status?.conditions ?? [];
    expect(others).toEqual([]);
    expect(condition).toMatchObject({ type: 'Unreadable', status: 'True' });
    for (const path of paths) expect(condition?.message).toContain(path);
  });

  test('An unreadable field of a status is 0, and its condition comes last', () => {
    const { status } = readPool(resource({ status: { ...counts(1, 0, 1), available: 'one' } }), SOON);
    expect(status).toMatchObject({ total: 1, available: 0 });
    expect(status?.conditions?.map(({ type }) => type)).toEqual([
      'Ready',
      'Progressing',
      'ScalingLimited',
      'Unreadable',
    ]);
  });

  test('A pool that breaks a rule between fields is shown as it is', () => {
    const pool = readPool(resource({ spec: { capacitySpec: capacity(5, 1, 9, 3) } }), SOON);
    expect(pool).not.toHaveProperty('readable');
    expect(pool.specification.capacitySpec).toEqual(capacity(5, 1, 9, 3));
    expect(pool).not.toHaveProperty('status');
  });
});
