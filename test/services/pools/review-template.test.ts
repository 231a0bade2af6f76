// Templates that the runtime does not support are refused when they are written.
import { expect, test } from 'vitest';
import { WarmpoolError } from '../../../src/services/warmpool-error.ts';
import { startRuntime, type Options } from '../../support/local-runtime.ts';
import { specification, template } from '../../support/pools.ts';

const hasNodeName = (value: unknown) => JSON.stringify(value).includes('"nodeName"');

const wrap: Options['wrap'] = () => ({
  review: (given) => (hasNodeName(given) ? [{ path: ['spec', 'nodeName'], message: 'not supported' }] : []),
});

const unsupported = { spec: { ...template().spec, nodeName: 'x' } };
const REFUSED = {
  code: 'REQUEST::INVALID',
  message: 'template.spec.nodeName: not supported',
  errors: [{ path: ['template', 'spec', 'nodeName'], message: 'not supported' }],
};

const refusal = async (write: Promise<unknown>) => {
  const error: unknown = await write.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WarmpoolError)) throw new Error('the write was not refused');
  return { code: error.code, message: error.message, errors: error.errors };
};

test.each([false, true])('A new pool with an unsupported template is refused (dry run: %s)', async (isDryRun) => {
  const { pools } = await startRuntime({ wrap });
  const given = { ...specification(), template: unsupported };
  expect(await refusal(pools.create('a', given, { isDryRun }))).toEqual(REFUSED);
  await expect(pools.get('a')).rejects.toMatchObject({ code: 'KUBERNETES::POOL_NOT_FOUND' });
});

test.each([false, true])(
  'A PUT and a PATCH that lead to an unsupported template are refused (dry run: %s)',
  async (isDryRun) => {
    const { pools } = await startRuntime({ wrap });
    await pools.create('a', specification());
    expect(await refusal(pools.update('a', { template: unsupported }, { isDryRun }))).toEqual(REFUSED);
    expect(await refusal(pools.patch('a', { template: { spec: { nodeName: 'x' } } }, { isDryRun }))).toEqual(REFUSED);
    expect((await pools.get('a')).generation).toBe(1);
  },
);

test('A pool whose stored template is unsupported can be changed otherwise, and its template repaired', async () => {
  let isStrict = false;
  const strictLater: Options['wrap'] = (...given) => {
    const strict = wrap(...given);
    return { review: (stored) => (isStrict ? (strict.review?.(stored) ?? []) : []) };
  };
  const { pools } = await startRuntime({ wrap: strictLater });
  await pools.create('a', { ...specification(), template: unsupported });
  isStrict = true;
  await pools.patch('a', { labels: { team: 'x' } });
  await pools.update('a', { labels: { team: 'y' } });
  await pools.patch('a', { template: { spec: { nodeName: null } } });
  expect((await pools.get('a')).specification).toMatchObject({ labels: { team: 'y' }, template: template() });
});
