import { expect, test } from 'vitest';
import { firstAction, whatToDo, type Situation } from '../../../src/dashboard/pool/what-to-do.ts';
import { aPlan, aPool, aPoolWith } from './pools.ts';

const LIMITED = { type: 'ScalingLimited', status: 'True', reason: 'PoolMax' } as const;
const READY = { type: 'Ready', status: 'True', reason: 'BufferMet' } as const;

const situation = (given: Partial<Situation>): Situation => ({
  pool: aPool(),
  plan: undefined,
  starting: 0,
  startMs: undefined,
  oldClaims: undefined,
  ...given,
});

test('At poolMax the advice is to raise it to the desired size or to release the oldest claims', () => {
  const advice = whatToDo(
    situation({ pool: aPoolWith(LIMITED), plan: aPlan(62, 'BufferMin', 'PoolMax'), oldClaims: 26 }),
  );
  expect(advice?.text).toBe('raise poolMax to 62 or more, or release claims: 26 of 40 are older than 5 min.');
  expect(advice?.links).toEqual([
    { kind: 'raisePoolMax', word: 'Raise poolMax', to: 62 },
    { kind: 'oldestClaims', word: 'Oldest claims' },
  ]);
});

test('At poolMax without claims the advice is only to raise it', () => {
  const pool = aPool({ status: { total: 0, allocated: 0, available: 0, revision: '' } });
  const advice = whatToDo(situation({ pool, plan: aPlan(62, 'PoolMax') }));
  expect(advice).toEqual({
    text: 'raise poolMax to 62 or more.',
    links: [{ kind: 'raisePoolMax', word: 'Raise poolMax', to: 62 }],
  });
});

test('A pool that only waits for the room of terminating members needs nothing', () => {
  const advice = whatToDo(situation({ plan: aPlan(40, 'PoolMax') }));
  expect(advice?.text).toMatch(/^nothing\. Members that are terminating/);
});

test('When starts keep failing the advice is to correct the template', () => {
  const pool = aPoolWith(LIMITED, { type: 'Degraded', status: 'True', reason: 'StartFailing' });
  const advice = whatToDo(situation({ pool, plan: aPlan(62, 'PoolMax') }));
  expect(advice?.text).toContain('correct the template');
  expect(advice?.links.map(({ word }) => word)).toEqual(['Edit template']);
});

test('A degraded pool whose starts do not fail has another advice than to correct the template', () => {
  const textOf = (reason: 'ForeignController' | 'StuckTerminating' | 'ForeignPods') =>
    whatToDo(situation({ pool: aPoolWith({ type: 'Degraded', status: 'True', reason }) }))?.text;
  expect(textOf('ForeignController')).toContain('stop the other controller');
  expect(textOf('StuckTerminating')).toContain('finalizers');
  expect(textOf('ForeignPods')).toContain('delete the pods');
});

test('A pool that no controller has acted on needs a controller', () => {
  const pool = aPoolWith({ type: 'Ready', status: 'Unknown', reason: 'NotReconciled' });
  expect(whatToDo(situation({ pool }))?.text).toContain('none has acted on it');
});

test('A pool whose members are starting needs nothing but the usual start time', () => {
  const pool = aPoolWith({ type: 'Progressing', status: 'True', reason: 'Growing' });
  expect(whatToDo(situation({ pool, starting: 3, startMs: 11_800 }))?.text).toBe(
    'nothing. 3 are starting, usually ready in 11.8 s.',
  );
  expect(whatToDo(situation({ pool, starting: 1 }))?.text).toBe('nothing. 1 is starting.');
});

test('A pool that waits for an image needs nothing', () => {
  expect(whatToDo(situation({ plan: aPlan(8, 'BufferMin', 'PullingImage') }))?.text).toContain('has been pulled');
});

test('A pool that has its desired size gets no advice', () => {
  const settled = { type: 'Progressing', status: 'False', reason: 'Settled' } as const;
  expect(
    whatToDo(situation({ pool: aPoolWith(READY, settled), plan: aPlan(8, 'WithinBuffer', 'AtRest') })),
  ).toBeUndefined();
});

test('A pool that is being deleted gets no other advice', () => {
  const pool = { ...aPoolWith(LIMITED), deletingSince: '2026-11-24T12:00:00Z' };
  expect(whatToDo(situation({ pool }))?.links).toEqual([]);
});

test('The first action for failing starts is the template, also where poolMax limits the pool', () => {
  const pool = aPoolWith(LIMITED, { type: 'Degraded', status: 'True', reason: 'StartFailing' });
  expect(firstAction(pool, undefined)?.kind).toBe('editTemplate');
});

test('The first action at poolMax is to raise it to the desired size, or by one while that is unknown', () => {
  const pool = aPoolWith(LIMITED);
  expect(firstAction(pool, aPlan(62, 'PoolMax'))).toMatchObject({ kind: 'raisePoolMax', to: 62 });
  expect(firstAction(pool, undefined)).toMatchObject({ kind: 'raisePoolMax', to: pool.capacitySpec.poolMax + 1 });
});

test('An exhausted pool that is growing has no action, as its advice is to do nothing', () => {
  const pool = aPoolWith(
    { type: 'Ready', status: 'False', reason: 'Exhausted' },
    { type: 'Progressing', status: 'True', reason: 'Growing' },
  );
  expect(whatToDo(situation({ pool }))?.text).toBe('nothing. Members are about to start.');
  expect(firstAction(pool, undefined)).toBeUndefined();
});
