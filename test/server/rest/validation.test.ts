// Invalid input gets one clear error with every violation and its path, and nothing is stored.
import { describe, expect, test } from 'vitest';
import { capacity, poolNamed, template } from '../../support/pools.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

type Violations = { errors: { path: (string | number)[]; message: string }[] };

const pathsOf = (body: unknown) => (body as Violations).errors.map(({ path }) => path);

const expectNothingStored = async ({ call }: TestServer) => {
  expect((await call('GET', '/pools')).text).toBe('{"items":[]}');
};

describe('A body that breaks the contract', () => {
  test('All violations are reported at once, each with its own path', async () => {
    const server = await startTestServer();
    const answer = await server.call('POST', '/pools', {
      json: {
        name: 'Agents',
        template: { spec: { containers: [{ name: 'a' }, { name: 'a', image: '' }] } },
        capacitySpec: { bufferMin: 5, bufferMax: 1, poolMin: '3', poolMox: 1 },
        labels: { 'a b': 'x', ok: '-' },
        annotations: { 'warmpool.dev/x': 'y', 'kubectl.kubernetes.io/z': 'y' },
        scaleStrategy: { maxUnavailable: '5' },
        recycleStrategy: { type: 'delete' },
        tempalte: {},
      },
    });
    expect(answer.status).toBe(422);
    expect(pathsOf(answer.body)).toEqual(
      expect.arrayContaining([
        ['name'],
        ['template', 'spec', 'containers', 0, 'image'],
        ['template', 'spec', 'containers', 1, 'image'],
        ['template', 'spec', 'containers', 1, 'name'],
        ['capacitySpec', 'bufferMin'],
        ['capacitySpec', 'poolMin'],
        ['capacitySpec', 'poolMax'],
        ['capacitySpec', 'poolMox'],
        ['labels', 'a b'],
        ['labels', 'ok'],
        ['annotations', 'warmpool.dev/x'],
        ['annotations', 'kubectl.kubernetes.io/z'],
        ['scaleStrategy', 'maxUnavailable'],
        ['recycleStrategy', 'type'],
        ['tempalte'],
      ]),
    );
    await expectNothingStored(server);
  });

  test('An unknown field is reported with the nearest known one, which is also in the message of the error', async () => {
    const { call } = await startTestServer();
    const { template, ...rest } = poolNamed('a');
    const answer = await call('POST', '/pools', { json: { ...rest, capacitySpec: {}, tempalte: template } });
    const message = 'unknown field; did you mean "template"?';
    expect(answer.body).toMatchObject({ message: expect.stringContaining(`tempalte: ${message}`) as string });
    expect((answer.body as Violations).errors).toContainEqual({ path: ['tempalte'], message });
  });

  test.each([
    [
      'POST',
      '/pools',
      'name, template, capacitySpec, labels, annotations, scaleStrategy, updateStrategy, recycleStrategy',
    ],
    [
      'PATCH',
      '/pools/a',
      'template, capacitySpec, labels, annotations, scaleStrategy, updateStrategy, recycleStrategy',
    ],
  ])(
    'The error for an unknown field of %s %s lists the fields of the body and no call options',
    async (method, route, known) => {
      const { call } = await startTestServer();
      const answer = await call(method, route, { json: { ...(method === 'POST' && poolNamed('a')), zzzzzz: 1 } });
      expect(answer.body).toMatchObject({ errors: [{ path: ['zzzzzz'], message: `unknown field; known: ${known}` }] });
    },
  );

  test('The error for an unknown field of an operation without a body lists no fields', async () => {
    const { call } = await startTestServer();
    const answer = await call('DELETE', '/pools/a', { json: { zzzzzz: 1 } });
    expect(answer.body).toMatchObject({ errors: [{ message: 'unknown field; none are accepted here' }] });
  });

  test.each(['"3"', 'true', 'false', 'null', '""', '[]', '[3]', '{}', '3.5', '-1', '1e30', '2147483648', '1e400'])(
    'The value %s is refused as an integer, on the first call and on later ones, over REST and tRPC',
    async (bad) => {
      const server = await startTestServer();
      const body = JSON.stringify(poolNamed('a')).replace('"poolMax":10', `"poolMax":${bad}`);
      const headers = { 'Content-Type': 'application/json' };
      for (const _round of [1, 2]) {
        const rest = await server.call('POST', '/pools', { body, headers });
        expect(rest.status).toBe(422);
        expect(pathsOf(rest.body)).toContainEqual(['capacitySpec', 'poolMax']);
        const trpc = await server.call('POST', '/trpc/pools.create', { body, headers });
        expect([trpc.status, trpc.body]).toMatchObject([
          422,
          { error: { data: { code: 'REQUEST::INVALID', errors: (rest.body as Violations).errors } } },
        ]);
      }
      await expectNothingStored(server);
    },
  );

  test.each([
    ['null', 'null'],
    ['an array', '[]'],
    ['a number', '3'],
    ['a string', '"pool"'],
    ['true', 'true'],
  ])('A body that is %s is refused with 422', async (_what, body) => {
    const { call } = await startTestServer();
    const answer = await call('POST', '/pools', { body, headers: { 'Content-Type': 'application/json' } });
    expect(answer.body).toMatchObject({ code: 'REQUEST::INVALID', errors: [{ path: [] }] });
  });

  test.each(['POST', 'PUT', 'PATCH'])('%s without a body is refused with 422', async (method) => {
    const { call } = await startTestServer();
    const route = method === 'POST' ? '/pools' : '/pools/a';
    const answer = await call(method, route);
    expect(answer.body).toMatchObject({
      code: 'REQUEST::INVALID',
      errors: [{ path: [], message: 'a JSON body is required' }],
    });
  });

  test('A field named __proto__ is refused at any depth, and one named constructor is accepted', async () => {
    const server = await startTestServer();
    const headers = { 'Content-Type': 'application/json' };
    const places = ['labels', 'annotations', 'template', 'capacitySpec', 'scaleStrategy'];
    for (const place of places) {
      const body = JSON.stringify({ ...poolNamed('a'), [place]: { inner: 1 } }).replace('"inner"', '"__proto__"');
      const answer = await server.call('POST', '/pools', { body, headers });
      expect([place, answer.status, pathsOf(answer.body)[0]]).toEqual([place, 422, [place, '__proto__']]);
    }
    const odd = { name: 'a', template: { ...template(), constructor: { prototype: 1 } }, capacitySpec: capacity(0, 0) };
    const created = await server.call('POST', '/pools', { json: odd });
    expect(created.body).toMatchObject({ template: odd.template });
  });

  test.each([
    ['{"name":"a","name":"b"}', [['name'], ['template'], ['capacitySpec']]],
    [
      '{"x":[{"a":1},{"a":{"b":"\\"{:","\\u0062":2}}]}',
      [['x', 1, 'a', 'b'], ['x'], ['name'], ['template'], ['capacitySpec']],
    ],
    ['{"a":{"c":1},"b":{"c":"a:,{c"}}', undefined],
  ])('A field that occurs twice is reported with its path and all other violations: %s', async (body, paths) => {
    const { call } = await startTestServer();
    const answer = await call('POST', '/pools', { body, headers: { 'Content-Type': 'application/json' } });
    if (paths !== undefined) expect(pathsOf(answer.body)).toEqual(paths);
    else expect(answer.text).not.toContain('repeated');
  });

  test('A missing body or one that is not an object does not hide other violations', async () => {
    const { call } = await startTestServer();
    for (const json of [undefined, []])
      expect(pathsOf((await call('POST', '/pools?odd=1', { json })).body)).toEqual([[], ['query', 'odd']]);
  });

  test('Writing -0 where 0 is stored changes nothing', async () => {
    const { call } = await startTestServer();
    const odd = { ...template(), z: -0 };
    const body = JSON.stringify(poolNamed('a', { template: odd })).replace('"z":0', '"z":-0.0');
    await call('POST', '/pools', { body, headers: { 'Content-Type': 'application/json' } });
    const put = await call('PUT', '/pools/a', { json: (await call('GET', '/pools/a')).body });
    const headers = { 'Content-Type': 'application/json' };
    const patch = await call('PATCH', '/pools/a', { body: '{"capacitySpec":{"poolMin":-0}}', headers });
    expect([put.body, patch.body]).toMatchObject([{ generation: 1 }, { generation: 1 }]);
  });

  test('The key of an annotation may have capitals in its prefix, and a reserved prefix is case-insensitive', async () => {
    const { call } = await startTestServer();
    const made = await call('POST', '/pools', { json: poolNamed('a', { annotations: { 'Example.COM/x': 'y' } }) });
    expect(made.body).toMatchObject({ annotations: { 'Example.COM/x': 'y' } });
    const refused = await call('POST', '/pools', { json: poolNamed('b', { annotations: { 'Warmpool.dev/x': 'y' } }) });
    expect(pathsOf(refused.body)).toEqual([['annotations', 'Warmpool.dev/x']]);
  });

  test('A number in the template that cannot be stored exactly is refused with its path', async () => {
    const { call } = await startTestServer();
    for (const number of ['12345678901234567890', '1e999']) {
      const body = JSON.stringify(poolNamed('a', { template: { ...template(), x: [0] } })).replace(
        '[0]',
        `[${number}]`,
      );
      const answer = await call('POST', '/pools', { body, headers: { 'Content-Type': 'application/json' } });
      expect(pathsOf(answer.body)).toEqual([['template', 'x', 0]]);
    }
  });

  test('Unknown fields of the template are kept, including nulls and unusual text', async () => {
    const { call } = await startTestServer();
    const odd = { spec: { containers: [{ name: 'a', image: 'b', command: null, env: [] }], x: '\u0000\ud800' }, y: {} };
    await call('POST', '/pools', { json: poolNamed('a', { template: odd }) });
    expect((await call('GET', '/pools/a')).body).toMatchObject({ template: odd });
  });

  test('A name of more than 63 characters is refused', async () => {
    const { call } = await startTestServer();
    expect((await call('POST', '/pools', { json: poolNamed('a'.repeat(63)) })).status).toBe(201);
    expect((await call('POST', '/pools', { json: poolNamed('a'.repeat(64)) })).status).toBe(422);
  });

  test('Annotations of more than 262144 bytes in total are refused', async () => {
    const { call } = await startTestServer();
    const annotations = (bytes: number) => ({ annotations: { a: 'é'.repeat((bytes - 1) / 2) } });
    expect((await call('POST', '/pools', { json: poolNamed('a', annotations(262_143)) })).status).toBe(201);
    expect(pathsOf((await call('POST', '/pools', { json: poolNamed('b', annotations(262_145)) })).body)).toEqual([
      ['annotations'],
    ]);
  });
});

test('An error lists at most a thousand violations, and says that there are more', async () => {
  const { call } = await startTestServer();
  const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1]));
  const { errors } = (await call('POST', '/pools', { json: { ...poolNamed('a'), ...unknown } })).body as Violations;
  expect(errors).toHaveLength(1_001);
  expect(errors.at(-1)).toEqual({ path: [], message: 'further violations are not listed' });
});

describe('Parameters', () => {
  test.each([
    ['view=', ['query', 'view']],
    ['view=FULL', ['query', 'view']],
    ['view=basic&view=basic', ['query', 'view']],
    ['veiw=basic', ['query', 'veiw']],
    ['dryRun=true', ['query', 'dryRun']],
    ['name=x', ['query', 'name']],
    ['%zz=1', ['query', '%zz']],
  ])('GET /pools?%s is refused', async (query, path) => {
    const { call } = await startTestServer();
    const answer = await call('GET', `/pools?${query}`);
    expect([answer.status, pathsOf(answer.body)]).toEqual([422, [path]]);
  });

  test.each(['', '0', '501', '-1', '1e2', '5.0', '0x10', ' 5', 'abc', '99999999999999999999', 'null'])(
    'A list of decisions with limit=%s is refused',
    async (limit) => {
      const { call } = await startTestServer();
      await call('POST', '/pools', { json: poolNamed('a') });
      const answer = await call('GET', `/pools/a/decisions?limit=${encodeURIComponent(limit)}`);
      expect([answer.status, pathsOf(answer.body)]).toEqual([422, [['query', 'limit']]]);
    },
  );

  test.each(['', 'TRUE', '1', 'yes', '0'])('DELETE with force=%s is refused', async (force) => {
    const { call } = await startTestServer();
    const answer = await call('DELETE', `/pools/a?force=${force}`);
    expect([answer.status, pathsOf(answer.body)]).toEqual([422, [['query', 'force']]]);
  });

  test('Violations in the query and in the body are reported together', async () => {
    const { call } = await startTestServer();
    const answer = await call('POST', '/pools?view=x&nope=1', { json: { name: 'a' } });
    expect(pathsOf(answer.body)).toEqual([['query', 'nope'], ['template'], ['capacitySpec'], ['query', 'view']]);
  });

  test('A call option in a body is an unknown field whose message says where to send it', async () => {
    const { call } = await startTestServer();
    const json = { ...poolNamed('a'), view: 'basic', idempotencyKey: 'k', force: true };
    const answer = await call('POST', '/pools', { json });
    expect((answer.body as Violations).errors).toEqual([
      { path: ['view'], message: 'unknown field; send it as the query parameter "view"' },
      { path: ['idempotencyKey'], message: 'unknown field; send it as the header "Idempotency-Key"' },
      { path: ['force'], message: expect.stringMatching(/^unknown field; known: name, template/) as string },
    ]);
  });

  test('Over tRPC a call option is a field of the input', async () => {
    const { call } = await startTestServer();
    const input = encodeURIComponent(JSON.stringify({ name: 'a', limit: 501 }));
    const answer = await call('GET', `/trpc/pools.decisions?input=${input}`);
    expect(answer.body).toMatchObject({ error: { data: { errors: [{ path: ['limit'] }] } } });
  });

  test.each([
    ['If-Match', 'GET'],
    ['If-Match', 'POST'],
    ['If-None-Match', 'PUT'],
    ['Idempotency-Key', 'PUT'],
    ['Idempotency-Key', 'DELETE'],
  ])('The header %s is refused on %s rather than ignored', async (header, method) => {
    const { call } = await startTestServer();
    const json = { PUT: { capacitySpec: capacity() }, POST: poolNamed('a') }[method];
    const answer = await call(method, method === 'POST' ? '/pools' : '/pools/a', {
      json,
      headers: { [header]: '"x"' },
    });
    expect([answer.status, pathsOf(answer.body)]).toEqual([422, [['header', header]]]);
  });

  test('A name in the body must be the same as in the path', async () => {
    const { call } = await startTestServer();
    await call('POST', '/pools', { json: poolNamed('a') });
    for (const method of ['PUT', 'PATCH']) {
      const same = await call(method, '/pools/a', { json: { name: 'a', capacitySpec: capacity() } });
      expect(same.status).toBe(200);
      const other = await call(method, '/pools/a', { json: { name: 'b', capacitySpec: capacity() } });
      expect([other.status, pathsOf(other.body)]).toEqual([422, [['name']]]);
    }
  });

  test('A DELETE with fields in its body is refused', async () => {
    const { call } = await startTestServer();
    const answer = await call('DELETE', '/pools/a', { json: { force: true, grace: 3 } });
    expect(pathsOf(answer.body)).toEqual([['force'], ['grace']]);
  });
});
