// A changed template on the local runtime: members are replaced within the update's budget, and the status tells how far it is.
import { describe, expect, test } from 'vitest';
import { startRuntime } from '../../support/local-runtime.ts';
import { capacity, template } from '../../support/pools.ts';

type Runtime = Awaited<ReturnType<typeof startRuntime>>;

const DESIRED = 4;
const given = (maxUnavailable: number | string | undefined) => ({
  template: template(),
  capacitySpec: capacity(DESIRED, DESIRED),
  scaleStrategy: { maxUnavailable: '100%' },
  ...(maxUnavailable !== undefined && { updateStrategy: { maxUnavailable } }),
});

/** The pool at every moment at which something happens, until nothing is left to wait for. */
const observe = async ({ clock, pass, membersOf, statusOf }: Runtime) => {
  const moments = [];
  for (let nextMs: number | undefined = clock.now(); nextMs !== undefined; nextMs = clock.nextAtMs) {
    await pass(nextMs - clock.now());
    const status = await statusOf('a');
    const members = await membersOf('a');
    moments.push({
      ready: members.filter(({ phase }) => phase === 'ready').length,
      stale: members.filter(({ stale, phase }) => stale && phase !== 'terminating').length,
      total: status?.total,
      updated: status?.updated,
      progressing: status?.conditions?.find(({ type }) => type === 'Progressing'),
    });
  }
  return moments;
};

const settledPool = async (maxUnavailable?: number | string) => {
  const runtime = await startRuntime();
  await runtime.pools.create('a', given(maxUnavailable));
  await runtime.pass(20_000);
  expect(await runtime.statusOf('a')).toMatchObject({ total: DESIRED, available: DESIRED, updated: DESIRED });
  return runtime;
};

describe.each([
  [undefined, 1],
  [1, 1],
  ['50%', 2],
  [3, 3],
  ['100%', 4],
])('with updateStrategy.maxUnavailable %s', (maxUnavailable, budget) => {
  test(`never more than ${budget} of ${DESIRED} are missing, and at last all are new`, async () => {
    const runtime = await settledPool(maxUnavailable);
    const before = (await runtime.membersOf('a')).map(({ name }) => name);
    await runtime.pools.update('a', { capacitySpec: capacity(DESIRED, DESIRED), template: template('new:1') });
    const moments = await observe(runtime);
    expect(Math.min(...moments.map(({ ready }) => ready))).toBe(DESIRED - budget);
    expect(Math.max(...moments.map(({ total }) => total ?? 0))).toBe(DESIRED);
    expect(moments.at(-1)).toMatchObject({ ready: DESIRED, stale: 0, total: DESIRED, updated: DESIRED });
    expect((await runtime.membersOf('a')).filter(({ name }) => before.includes(name))).toEqual([]);
  });

  test('the number of updated members only grows, and the condition tells it until the pool has settled', async () => {
    const runtime = await settledPool(maxUnavailable);
    await runtime.pools.update('a', { capacitySpec: capacity(DESIRED, DESIRED), template: template('new:1') });
    const moments = await observe(runtime);
    const updated = moments.map((moment) => moment.updated ?? -1);
    expect(updated).toEqual([...updated].sort((one, other) => one - other));
    expect(updated.at(-1)).toBe(DESIRED);
    for (const { progressing, updated: count, total } of moments)
      if (count !== total)
        expect(progressing).toMatchObject({
          status: 'True',
          reason: 'RollingOut',
          message: `${count} of ${total} members are updated.`,
        });
    // All are of the new template; the last ones still start.
    const reasons = [...new Set(moments.map(({ progressing }) => progressing?.reason))];
    expect(reasons).toEqual([...(budget < DESIRED ? ['RollingOut'] : []), 'Growing', 'Settled']);
    expect(moments.at(-1)?.progressing).toMatchObject({ status: 'False', reason: 'Settled' });
  });
});

test('a second change of the template in the middle of the first replaces what was started for the first', async () => {
  const runtime = await settledPool(2);
  await runtime.pools.patch('a', { template: { spec: { hostname: 'one' } } });
  await runtime.pass(500);
  await runtime.pools.patch('a', { template: { spec: { hostname: 'two' } } });
  const moments = await observe(runtime);
  expect(Math.min(...moments.map(({ ready }) => ready))).toBeGreaterThanOrEqual(DESIRED - 2);
  expect(moments.at(-1)).toMatchObject({ ready: DESIRED, stale: 0, updated: DESIRED });
});

test('a change of labels or of the capacity replaces nobody', async () => {
  const runtime = await settledPool();
  const before = await runtime.membersOf('a');
  await runtime.pools.update('a', { capacitySpec: capacity(DESIRED, DESIRED + 1), labels: { x: 'y' } });
  await observe(runtime);
  expect(await runtime.membersOf('a')).toEqual(before);
});
