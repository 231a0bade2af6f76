import { describe, expect, test } from 'vitest';
import { checkCreate, checkUpdate, poolYaml, toYaml } from '../../../src/dashboard/yaml/pool-yaml.ts';
import { aPool, CAPACITY } from '../pool-page/pools.ts';

const template = { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } };
const pool = aPool({
  template,
  labels: { env: 'ci', version: '012' },
  annotations: {},
  updateStrategy: { maxUnavailable: '25%' },
  status: { total: 1, allocated: 0, available: 1, revision: 'r' },
});

describe('A pool as YAML', () => {
  test('The text has what can be written, in a fixed order, and nothing of the server.', () => {
    expect(poolYaml(pool)).toBe(`name: agents
labels:
  env: ci
  version: "012"
template:
  spec:
    containers:
      - name: sandbox
        image: python:3.14
capacitySpec:
  bufferMin: 8
  bufferMax: 16
  poolMin: 8
  poolMax: 40
updateStrategy:
  maxUnavailable: 25%
`);
  });

  test('The text of a pool is the request that changes nothing.', () => {
    const { problems, request } = checkUpdate(poolYaml(pool));
    expect(problems).toEqual([]);
    expect(request).toEqual({
      name: 'agents',
      template,
      capacitySpec: CAPACITY,
      labels: { env: 'ci', version: '012' },
      annotations: {},
      scaleStrategy: {},
      updateStrategy: { maxUnavailable: '25%' },
      recycleStrategy: {},
    });
  });

  test('A long line is not folded.', () => {
    const text = toYaml({ annotations: { note: 'word '.repeat(60).trim() } });
    expect(text.split('\n')).toHaveLength(3);
  });

  test('A problem has the message of the contract at its place in the text.', () => {
    const { problems, request } = checkUpdate(poolYaml(pool).replace('bufferMin: 8', 'bufferMin: 20'));
    expect(request).toBeUndefined();
    expect(problems).toMatchObject([
      { path: ['capacitySpec', 'bufferMin'], message: 'must not be greater than bufferMax', line: 11, column: 14 },
    ]);
  });

  test('An update without a template is a problem: nothing could be started from it.', () => {
    const { problems } = checkUpdate(toYaml({ ...pool, template: undefined }));
    expect(problems).toMatchObject([{ path: ['template'] }]);
  });

  test.each(['', '# nothing', 'just text', '- a', '42'])('The text "%s" is a problem, and not a request.', (text) => {
    for (const check of [checkCreate, checkUpdate]) {
      const { problems, request } = check(text);
      expect(request).toBeUndefined();
      expect(problems.length).toBeGreaterThan(0);
    }
  });

  test('A text that is not YAML has the problems of YAML alone.', () => {
    expect(checkCreate('name: [').problems.every(({ path }) => path.length === 0)).toBe(true);
  });

  test('A field that no pool has is a problem where it stands, with the name that was probably meant.', () => {
    const { problems } = checkCreate(`${poolYaml(pool)}lables: 1\n`);
    expect(problems).toMatchObject([{ path: ['lables'], line: 17, column: 9 }]);
    expect(problems[0]?.message).toContain('labels');
  });
});
