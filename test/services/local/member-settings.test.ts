// Annotations of a template that say how its simulated members behave.
import { describe, expect, test } from 'vitest';
import { reviewSettings } from '../../../src/services/local/simulated/member-settings.ts';
import { editStore, startRuntime } from '../../support/local-runtime.ts';
import { capacity, specification, template } from '../../support/pools.ts';
import { temporaryFolder } from '../../support/test-server.ts';

const PREFIX = 'simulated.warmpool.dev/';

const annotated = (settings: Record<string, unknown>) => ({
  ...template(),
  metadata: {
    annotations: Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${PREFIX}${key}`, value])),
  },
});

const withSettings = (settings: Record<string, string>) => ({
  ...specification(),
  template: annotated(settings),
  capacitySpec: capacity(2, 2),
  scaleStrategy: { maxUnavailable: '100%' },
});

describe('A template with simulation settings', () => {
  test('start-seconds sets how long members of the pool take to start and to stop', async () => {
    const { pools, advance, statusOf, membersOf } = await startRuntime();
    await pools.create('slow', withSettings({ 'start-seconds': '40' }));
    await pools.create('usual', withSettings({}));
    await advance(19_999);
    expect(await statusOf('usual')).toMatchObject({ available: 2 });
    expect(await statusOf('slow')).toMatchObject({ available: 0, total: 2 });
    await advance(40_001);
    expect(await statusOf('slow')).toMatchObject({ available: 2 });
    await pools.patch('slow', { capacitySpec: capacity(0, 0) });
    await advance(9_999);
    expect((await membersOf('slow')).map(({ phase }) => phase)).toContain('terminating');
    await advance(10_000);
    expect(await membersOf('slow')).toEqual([]);
  });

  test('missing-image makes starts fail only while a container has that image', async () => {
    const { pools, advance, statusOf } = await startRuntime();
    const settings = { 'missing-image': 'busybox:1' };
    await pools.create('broken', withSettings(settings));
    await advance(10_000);
    const degraded = (await statusOf('broken'))?.conditions?.find(({ type }) => type === 'Degraded');
    expect(degraded?.message).toContain('Cannot pull image "busybox:1": manifest unknown.');
    const repaired = { ...annotated(settings), ...template('busybox:2') };
    await pools.update('broken', { capacitySpec: capacity(2, 2), template: repaired });
    await advance(10_000);
    expect(await statusOf('broken')).toMatchObject({ available: 2 });
  });

  test('failure-rate makes only the members of that pool fail, and failure-message is what the pool reports', async () => {
    const { pools, advance, statusOf } = await startRuntime();
    await pools.create('broken', withSettings({ 'failure-rate': '1', 'failure-message': 'Cannot pull image "a:1".' }));
    await pools.create('usual', withSettings({}));
    await advance(10_000);
    expect(await statusOf('usual')).toMatchObject({ available: 2 });
    const degraded = (await statusOf('broken'))?.conditions?.find(({ type }) => type === 'Degraded');
    expect(degraded).toMatchObject({ status: 'True', reason: 'StartFailing' });
    expect(degraded?.message).toContain('Last error: Cannot pull image "a:1".');
  });

  test('failure-rate 0 overrides the rate of the configuration', async () => {
    const { pools, advance, statusOf } = await startRuntime({ failureRate: 1 });
    await pools.create('sound', withSettings({ 'failure-rate': '0' }));
    await advance(10_000);
    expect(await statusOf('sound')).toMatchObject({ available: 2 });
  });

  test('The settings of a starting member survive a restart of the server', async () => {
    const folder = temporaryFolder();
    const first = await startRuntime({ folder });
    await first.pools.create('broken', withSettings({ 'failure-rate': '1', 'failure-message': 'Out of luck.' }));
    await first.settle();
    await first.stop();
    const second = await startRuntime({ folder, clock: first.clock });
    await second.advance(3_000);
    expect((await second.conditionsOf('broken')).Degraded).toBe('StartFailing');
    expect(JSON.stringify(await second.statusOf('broken'))).toContain('Out of luck.');
  });

  test('A stored template that the driver would refuse is reported as the reason why starts fail', async () => {
    const folder = temporaryFolder();
    const first = await startRuntime({ folder });
    await first.pools.create('old', withSettings({}));
    await first.stop();
    await editStore(folder, (store) =>
      store.update('old', ({ specification }) => ({
        specification: { ...specification, template: annotated({ 'failure-rate': '2' }) },
        touchesMetadata: false,
      })),
    );
    const second = await startRuntime({ folder, clock: first.clock });
    await second.advance(3_000);
    expect(JSON.stringify(await second.statusOf('old'))).toContain(
      `template.metadata.annotations.${PREFIX}failure-rate: must be a string with a number from 0 to 1`,
    );
  });
});

describe('The review of simulation settings', () => {
  const review = (settings: Record<string, unknown>) =>
    reviewSettings(annotated(settings)).map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`);

  const startRule = 'start-seconds: must be a string with a number from 0 to 86400, such as "0.5"';
  const rateRule = 'failure-rate: must be a string with a number from 0 to 1, such as "0.5"';
  const messageRule = 'failure-message: must be a string of 1 to 1000 characters';

  test.each<[string, unknown, string]>([
    ['start-seconds', '-1', startRule],
    ['start-seconds', '86401', startRule],
    ['start-seconds', '1e3', startRule],
    ['start-seconds', '', startRule],
    ['start-seconds', 5, startRule],
    ['start-seconds', null, startRule],
    ['start-seconds', '9'.repeat(400), startRule],
    ['failure-rate', '1.01', rateRule],
    ['failure-rate', 'half', rateRule],
    ['failure-message', '', messageRule],
    ['failure-message', 'x'.repeat(1_001), messageRule],
    ['start-second', '1', `start-second: unknown field; did you mean "${PREFIX}start-seconds"?`],
  ])('The annotation %s with the value %j is refused', (key, value, message) => {
    expect(review({ [key]: value })).toEqual([`${PREFIX}${message}`]);
  });

  test('All violations are reported at once, each with its path', () => {
    expect(reviewSettings(annotated({ 'start-seconds': 'x', 'failure-rate': 'x' })).map(({ path }) => path)).toEqual([
      ['metadata', 'annotations', `${PREFIX}start-seconds`],
      ['metadata', 'annotations', `${PREFIX}failure-rate`],
    ]);
  });

  test.each<object>([
    {},
    { metadata: null },
    { metadata: { annotations: null } },
    { metadata: { annotations: { 'simulated.example.com/start-seconds': 'x' } } },
    annotated({ 'start-seconds': '0', 'failure-rate': '0.25', 'failure-message': 'Out of memory.' }),
  ])('The template %j has no violation', (given) => {
    expect(reviewSettings(given as Record<string, unknown>)).toEqual([]);
  });

  test('A request with an invalid setting is refused with the path in the request', async () => {
    const { pools } = await startRuntime();
    await expect(pools.create('wrong', withSettings({ 'failure-rate': '2' }))).rejects.toMatchObject({
      violations: [{ path: ['template', 'metadata', 'annotations', `${PREFIX}failure-rate`] }],
    });
  });
});
