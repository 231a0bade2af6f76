// A changed template on the local runtime: members are replaced within the update's budget, and the status reports the progress.
import { describe, expect, test } from 'vitest';
import { startRuntime } from '../../support/local-runtime.ts';
import { capacity, specification, template } from '../../support/pools.ts';

type Runtime = Awaited<ReturnType<typeof startRuntime>>;

const DESIRED = 4;
const given = (maxUnavailable: number | string | undefined) =>
  specification({
    capacitySpec: capacity(DESIRED, DESIRED),
    scaleStrategy: { maxUnavailable: '100%' },
    ...(maxUnavailable !== undefined && { updateStrategy: { maxUnavailable } }),
  });

/** The pool at every moment at which something happens, until nothing is left to wait for. */
const momentsOf = async ({ clock, advance, membersOf, statusOf }: Runtime) => {
  const moments = [];
  for (let nextMs: number | undefined = clock.now(); nextMs !== undefined; nextMs = clock.nextAtMs) {
    await advance(nextMs - clock.now());
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

const runtimeWithPool = async (maxUnavailable?: number | string) => {
  const runtime = await startRuntime();
  await runtime.pools.create('a', given(maxUnavailable));
  await runtime.advance(20_000);
  expect(await runtime.statusOf('a')).toMatchObject({ total: DESIRED, available: DESIRED, updated: DESIRED });
  return runtime;
};

describe.each([
  [undefined, 1],
  [1, 1],
  ['50%', 2],
  [3, 3],
  ['100%', 4],
])('A rollout with updateStrategy.maxUnavailable %s', (maxUnavailable, budget) => {
  test(`A rollout with maxUnavailable ${maxUnavailable} keeps all but ${budget} of ${DESIRED} members ready, and replaces all`, async () => {
    const runtime = await runtimeWithPool(maxUnavailable);
    const before = (await runtime.membersOf('a')).map(({ name }) => name);
    await runtime.pools.update('a', { capacitySpec: capacity(DESIRED, DESIRED), template: template('new:1') });
    const moments = await momentsOf(runtime);
    expect(Math.min(...moments.map(({ ready }) => ready))).toBe(DESIRED - budget);
    expect(Math.max(...moments.map(({ total }) => total ?? 0))).toBe(DESIRED);
    expect(moments.at(-1)).toMatchObject({ ready: DESIRED, stale: 0, total: DESIRED, updated: DESIRED });
    expect((await runtime.membersOf('a')).filter(({ name }) => before.includes(name))).toEqual([]);
  });

  test(`With maxUnavailable ${maxUnavailable} the number of updated members only grows, and Progressing reports it until the end`, async () => {
    const runtime = await runtimeWithPool(maxUnavailable);
    await runtime.pools.update('a', { capacitySpec: capacity(DESIRED, DESIRED), template: template('new:1') });
    const moments = await momentsOf(runtime);
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
    // All members have the new template; the last ones are still starting.
    const reasons = [...new Set(moments.map(({ progressing }) => progressing?.reason))];
    expect(reasons).toEqual([...(budget < DESIRED ? ['RollingOut'] : []), 'Growing', 'Settled']);
    expect(moments.at(-1)?.progressing).toMatchObject({ status: 'False', reason: 'Settled' });
  });
});

test('A second change to the template during the first rollout replaces the members started for the first', async () => {
  const runtime = await runtimeWithPool(2);
  await runtime.pools.patch('a', { template: { spec: { hostname: 'one' } } });
  await runtime.advance(500);
  await runtime.pools.patch('a', { template: { spec: { hostname: 'two' } } });
  const moments = await momentsOf(runtime);
  expect(Math.min(...moments.map(({ ready }) => ready))).toBeGreaterThanOrEqual(DESIRED - 2);
  expect(moments.at(-1)).toMatchObject({ ready: DESIRED, stale: 0, updated: DESIRED });
});

test('A change to labels or capacity replaces no member', async () => {
  const runtime = await runtimeWithPool();
  const before = await runtime.membersOf('a');
  await runtime.pools.update('a', { capacitySpec: capacity(DESIRED, DESIRED + 1), labels: { x: 'y' } });
  await momentsOf(runtime);
  expect(await runtime.membersOf('a')).toEqual(before);
});

test('A template that changes while a rollout stops members starts no member of the template before it', async () => {
  const revisions: string[] = [];
  let changes = 1;
  const runtime: Runtime = await startRuntime({
    wrap: (driver) => ({
      start: (order) => {
        revisions.push(order.revision);
        return driver.start(order);
      },
      stop: async (name) => {
        if (changes-- > 0) await runtime.pools.patch('a', { template: template('newest:1') });
        await driver.stop(name);
      },
    }),
  });
  await runtime.pools.create('a', specification({ capacitySpec: capacity(1, 1) }));
  await runtime.advance(20_000);
  await runtime.pools.patch('a', { template: template('new:1') });
  await runtime.advance(60_000);
  const [member] = await runtime.membersOf('a');
  expect(member).toMatchObject({ stale: false, phase: 'ready' });
  expect(new Set(revisions)).toEqual(new Set([revisions[0], member?.revision]));
});
