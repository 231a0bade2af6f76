// The real process: its first start, its signals, its death. Started as `npm start` does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { capacity, poolNamed, template } from '../support/pools.ts';
import { call, dataFolder, launch, start, type ServerProcess } from '../support/server-process.ts';

describe('The first start', () => {
  test('The first start creates a private key, prints one line to standard output, and logs a curl command that works', async () => {
    const dataDir = path.join(dataFolder(), "it's here", 'data');
    const server = await start(dataDir);
    expect(statSync(path.join(dataDir, 'api-key')).mode & 0o777).toBe(0o600);
    await expect.poll(server.stderr).toContain('Try it: ');
    const lines = server
      .stderr()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string });
    expect(lines.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('simulated'));
    expect(lines.map(({ msg }) => msg)).toContain(`API key: in ${path.join(dataDir, 'api-key')}`);
    const curl = lines.find(({ msg }) => msg.startsWith('Try it: '))?.msg.replace('Try it: ', '') ?? '';
    const shell = spawn('sh', ['-c', `${curl} -sS`]);
    let answer = '';
    shell.stdout.setEncoding('utf8').on('data', (text: string) => (answer += text));
    await once(shell, 'exit');
    expect(answer).toBe('{"items":[]}');
  });

  test('The server starts with the configuration file of an OpenSandbox server, and logs what it does not use', async () => {
    const dataDir = dataFolder();
    const file = path.join(path.dirname(dataDir), 'sandbox.toml');
    writeFileSync(
      file,
      '[server]\nhost = "127.0.0.1"\napi_key = "given"\n[runtime]\ntype = "docker"\n[docker]\nnetwork_mode = "bridge"\n',
    );
    const launched = launch(['--config', file, '--port', '0', '--data-dir', dataDir]);
    await expect.poll(launched.stdout, { timeout: 15_000 }).toMatch(/listening on/);
    await expect.poll(launched.stderr).toContain('[docker]');
    const url = launched.stdout().trim().replace('listening on ', '');
    const response = await fetch(`${url}/pools`, { headers: { 'OPEN-SANDBOX-API-KEY': 'given' } });
    expect(response.status).toBe(501);
  });
});

describe('A failed start', () => {
  test.each([
    ['An invalid value', ['--port', '8080x'], /--port.*0 to 65535/],
    ['An unknown flag', ['--prot', '1'], /unknown option '--prot'/],
    ['The runtime kubernetes without a key', ['--runtime', 'kubernetes'], /OPENSANDBOX_SERVER_API_KEY/],
  ])(
    '%s ends the process with exit code 1 and one clear message, without a stack trace',
    async (_what, args, message) => {
      const { exited, stderr, stdout } = launch([...args, '--data-dir', dataFolder()]);
      expect(await exited).toBe(1);
      expect(stderr()).toMatch(message);
      expect(stderr()).not.toMatch(/\n\s+at /);
      expect(stdout()).toBe('');
    },
  );

  test('A second server on one data directory names the process of the first', async () => {
    const dataDir = dataFolder();
    const first = await start(dataDir);
    const second = launch(['--port', '0', '--data-dir', dataDir]);
    expect(await second.exited).toBe(1);
    expect(second.stderr()).toContain(String(first.child.pid));
  });

  test('A port that is already in use is reported with what to do', async () => {
    const first = await start(dataFolder());
    const { exited, stderr } = launch(['--port', new URL(first.url).port, '--data-dir', dataFolder()]);
    expect(await exited).toBe(1);
    expect(stderr()).toMatch(/Port \d+ on 127.0.0.1 is in use. Choose another one with --port/);
  });
});

describe('kill -9', () => {
  test('kill -9 loses nothing that was acknowledged, and members start again', async () => {
    const dataDir = dataFolder();
    const first = await start(dataDir);
    const acknowledged = new Map<string, unknown>();
    const pools = Array.from({ length: 50 }, (_, index) => poolNamed(`p${index}`, { capacitySpec: capacity(2, 2) }));
    const writes = pools.map(async (pool) => {
      const { status, body } = await call(first, 'POST', '/pools', pool);
      if (status === 201) acknowledged.set(pool.name, body?.uid);
      if (acknowledged.size === 25) first.child.kill('SIGKILL');
    });
    await Promise.allSettled(writes);
    await first.exited;
    expect(acknowledged.size).toBeGreaterThanOrEqual(25);

    const second = await start(dataDir);
    const { body } = await call(second, 'GET', '/pools');
    const stored = new Map(
      (body as { items: { name: string; uid: string }[] }).items.map(({ name, uid }) => [name, uid]),
    );
    for (const [name, uid] of acknowledged) expect(stored.get(name)).toBe(uid);
    await expect
      .poll(
        async () =>
          ((await call(second, 'GET', '/pools/p0')).body?.status as { available: number } | undefined)?.available,
        { timeout: 15_000 },
      )
      .toBe(2);
  });
});

test('Requests with an Idempotency-Key that are repeated after kill -9 create each pool once', async () => {
  const dataDir = dataFolder();
  const first = await start(dataDir);
  const pools = Array.from({ length: 40 }, (_, index) => poolNamed(`p${index}`));
  const post = async (server: ServerProcess, pool: { name: string }) => {
    const { body, headers } = await call(server, 'POST', '/pools', pool, { 'Idempotency-Key': `key-${pool.name}` });
    return { uid: body?.uid, isReplay: headers.get('Idempotency-Replayed') === 'true' };
  };
  const known = new Map<string, unknown>();
  const writes = pools.flatMap((pool) =>
    [1, 2].map(async () => {
      known.set(pool.name, (await post(first, pool)).uid);
      if (known.size === 20) first.child.kill('SIGKILL');
    }),
  );
  await Promise.allSettled(writes);
  await first.exited;

  const second = await start(dataDir);
  const answers = await Promise.all(pools.map((pool) => post(second, pool)));
  expect(answers.filter(({ isReplay }) => isReplay).length).toBeGreaterThanOrEqual(known.size);
  for (const [index, { uid }] of answers.entries()) expect(uid).toBe(known.get(`p${index}`) ?? uid);
  const { body } = await call(second, 'GET', '/pools');
  expect((body as { items: { uid: string }[] }).items.map(({ uid }) => uid).sort()).toEqual(
    answers.map(({ uid }) => uid).sort(),
  );
});

describe('SIGTERM', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the process with exit code 0', async (signal) => {
    const server = await start(dataFolder());
    server.child.kill(signal);
    expect(await server.exited).toBe(0);
    expect(server.stderr()).toContain('stopped');
  });

  test('SIGTERM followed by SIGINT stops the process once', async () => {
    const server = await start(dataFolder());
    server.child.kill('SIGTERM');
    server.child.kill('SIGINT');
    expect(await server.exited).toBe(0);
  });

  test('After SIGTERM a running request finishes, and new requests and connections are refused', async () => {
    const server = await start(dataFolder());
    const { port } = new URL(server.url);
    const body = JSON.stringify({ name: 'late', template: template(), capacitySpec: capacity() });
    const head = `Host: x\r\nOPEN-SANDBOX-API-KEY: ${server.key}\r\n`;
    const socket = connect(Number(port), '127.0.0.1');
    let answers = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answers += text));
    socket.write(
      `POST /pools HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    // A response to a second request proves that the server has read the head of the first.
    await call(server, 'GET', '/pools');
    server.child.kill('SIGTERM');
    await expect.poll(server.stderr).toContain('stopping');
    const refused = connect(Number(port), '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    socket.write(`${body.slice(10)}GET /ready HTTP/1.1\r\n${head}\r\n`);
    await once(socket, 'close');
    expect(answers).toContain('HTTP/1.1 201');
    expect(answers).toMatch(/HTTP\/1.1 503[^]*SERVER::SHUTTING_DOWN[^]*"reasons":\[/);
    expect(await server.exited).toBe(0);
  });

  test('SIGTERM does not cut off a response that is still being sent to a slow reader', async () => {
    const server = await start(dataFolder());
    const note = 'x'.repeat(250_000);
    for (let pool = 0; pool < 80; pool++)
      await call(server, 'POST', '/pools', poolNamed(`p${pool}`, { capacitySpec: capacity(), annotations: { note } }));
    const reader = request(`${server.url}/pools`, { headers: { 'OPEN-SANDBOX-API-KEY': server.key } }).end();
    const [response] = (await once(reader, 'response')) as [IncomingMessage];
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1').resume();
    idle.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(idle, 'data');
    // Nobody reads yet: what the kernel does not buffer stays in the server.
    server.child.kill('SIGTERM');
    // The slow reader keeps no other connection open.
    await once(idle, 'close');
    await expect.poll(server.stderr).toContain('stopping');
    // A refused connection proves that the server has begun to close connections.
    const [error] = (await once(connect(Number(new URL(server.url).port), '127.0.0.1'), 'error')) as [Error];
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    const text = await textOf(response);
    expect(text).toHaveLength(Number(response.headers['content-length']));
    expect(text.length).toBeGreaterThan(80 * note.length);
    expect(await server.exited).toBe(0);
  });

  test('SIGTERM does not wait for a connection that was never used', async () => {
    const server = await start(dataFolder());
    const unused = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(unused, 'connect');
    await call(server, 'GET', '/pools');
    server.child.kill('SIGTERM');
    const stoppedMs = performance.now();
    expect(await server.exited).toBe(0);
    // Waiting for the connection would take the whole grace period of 10 s.
    expect(performance.now() - stoppedMs).toBeLessThan(5_000);
  });
});
