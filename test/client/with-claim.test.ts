// withClaim: a function that holds a member.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWarmpoolClient } from '../../src/client/index.ts';
import { WarmpoolError } from '../../src/services/warmpool-error.ts';
import { claimFor, startClaimServer, type ClaimCall, type ClaimReply } from './claim-server.ts';
import { failureOf } from './failure-of.ts';
import { startHttpServer } from './raw-server.ts';

type Replies = Partial<Record<'create' | 'renew' | 'release', (calls: readonly ClaimCall[]) => ClaimReply>>;

/** A server that grants each claim for `ttlSeconds`, unless `replies` says otherwise, and a client of it. */
const start = async (ttlSeconds: number, replies: Replies = {}) => {
  const granted = {
    'claims.create': replies.create ?? (() => claimFor(ttlSeconds)),
    'claims.renew': replies.renew ?? (() => claimFor(ttlSeconds)),
    'claims.release': replies.release ?? (() => undefined),
  };
  const server = await startClaimServer(({ procedure }, calls) => granted[procedure as keyof typeof granted](calls));
  return { ...server, client: createWarmpoolClient({ url: server.url }) };
};

const ended = () => new WarmpoolError('CLAIM::ENDED', 'Claim "c-1" has expired.');

/** Resolves when the signal aborts, with the reason. */
const abortOf = async (signal: AbortSignal): Promise<unknown> => {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.reason;
};

describe('A request for a claim that is given up', () => {
  test('What the request took is found by its key and released, if its signal aborts', async () => {
    const giveUp = new AbortController();
    // The first response never arrives.
    const { client, calls } = await start(60, {
      create: (all) => {
        if (all.length > 1) return claimFor(60);
        giveUp.abort();
        return 'lost';
      },
    });
    const options = { signal: giveUp.signal, waitSeconds: 30 };
    await expect(client.withClaim('agents', () => 'never', options)).rejects.toMatchObject({ code: 'CLIENT::ABORTED' });
    const [first, second, third] = calls;
    expect(calls).toHaveLength(3);
    expect(second?.input).toMatchObject({ waitSeconds: 0, idempotencyKey: first?.input.idempotencyKey });
    expect(third).toEqual({ procedure: 'claims.release', input: { id: 'c-1' } });
  });

  test('What the request took is released if every response to it is lost', async () => {
    const { client, countOf } = await start(60, { create: (all) => (all.length > 3 ? claimFor(60) : 'lost') });
    await expect(client.withClaim('agents', () => 'never')).rejects.toMatchObject({ code: 'CLIENT::UNREACHABLE' });
    expect(countOf('claims.release')).toBe(1);
  });
});

describe('A function that ends', () => {
  test('withClaim returns what the function returns, and releases the claim after it', async () => {
    const { client, calls } = await start(60);
    const result = await client.withClaim('agents', async (claim) => {
      expect(calls.map(({ procedure }) => procedure)).toEqual(['claims.create']);
      return claim.member.name;
    });
    expect(result).toBe('m-1');
    expect(calls.at(-1)).toEqual({ procedure: 'claims.release', input: { id: 'c-1' } });
  });

  test('withClaim rejects as the function does, and releases the claim', async () => {
    const { client, countOf } = await start(60);
    const fail = () => Promise.reject(new RangeError('broken'));
    await expect(client.withClaim('agents', fail)).rejects.toThrow(new RangeError('broken'));
    expect(countOf('claims.release')).toBe(1);
  });

  test('withClaim returns the result of the function even if the claim cannot be released', async () => {
    const { client } = await start(60, { release: () => new WarmpoolError('CLAIM::NOT_FOUND', 'gone') });
    expect(await client.withClaim('agents', () => 'result')).toBe('result');
  });

  test('withClaim sends its options, and a new key for each claim', async () => {
    const { client, calls } = await start(60);
    const options = { ttlSeconds: 60, waitSeconds: 5, labels: { job: 'x' } };
    for (const _claim of [1, 2]) await client.withClaim('agents', () => undefined, options);
    const inputs = calls.filter(({ procedure }) => procedure === 'claims.create').map(({ input }) => input);
    const idempotencyKey = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
    expect(inputs).toEqual(Array(2).fill({ name: 'agents', idempotencyKey, ...options }));
    expect(new Set(inputs.map((input) => input.idempotencyKey)).size).toBe(2);
  });
});

describe('A request for a claim that fails', () => {
  test('A lost response is requested again with the same key', async () => {
    const { client, calls } = await start(60, { create: (calls) => (calls.length === 1 ? 'lost' : claimFor(60)) });
    await client.withClaim('agents', () => undefined);
    const [first, second] = calls;
    expect(second).toEqual(first);
  });

  test('An error of the server is not repeated, and the function does not run', async () => {
    const exhausted = () => new WarmpoolError('KUBERNETES::POOL_CAPACITY_EXHAUSTED', 'No member is free.');
    const { client, calls } = await start(60, { create: exhausted });
    const run = () => Promise.reject(new Error('must not run'));
    const error = await failureOf(client.withClaim('agents', run));
    expect(error).toMatchObject({ code: 'KUBERNETES::POOL_CAPACITY_EXHAUSTED', status: 429, isRetryable: true });
    expect(calls).toHaveLength(1);
  });

  test('A claim that ended before the client received it is an error', async () => {
    const { client } = await start(60, { create: () => claimFor(60, { state: 'expired' }) });
    expect((await failureOf(client.withClaim('agents', () => undefined))).code).toBe('CLAIM::ENDED');
  });

  test('The signal of the options ends the wait for a member', async () => {
    const { client } = await start(60);
    const failure = failureOf(client.withClaim('agents', () => undefined, { signal: AbortSignal.abort() }));
    expect((await failure).code).toBe('CLIENT::ABORTED');
  });
});

describe('A function that runs for longer than the lease', () => {
  test('The claim is renewed while the function runs', async () => {
    const { client, countOf } = await start(0.6);
    const isAborted = await client.withClaim('agents', async (_claim, { signal }) => {
      await expect.poll(() => countOf('claims.renew')).toBe(4);
      return signal.aborted;
    });
    expect(isAborted).toBe(false);
  });

  test('A renewal whose response is lost is repeated', async () => {
    const { client, countOf } = await start(0.9, {
      renew: (calls) => (calls.length === 2 ? 'lost' : claimFor(0.9)),
    });
    const isAborted = await client.withClaim('agents', async (_claim, { signal }) => {
      await expect.poll(() => countOf('claims.renew')).toBe(3);
      return signal.aborted;
    });
    expect(isAborted).toBe(false);
  });

  test('The signal of the function aborts when the claim has ended, and the result of the function decides', async () => {
    const { client, countOf } = await start(0.3, { renew: ended });
    const reason = await client.withClaim('agents', (_claim, { signal }) => abortOf(signal));
    expect(reason).toMatchObject({ code: 'CLAIM::ENDED', message: 'Claim "c-1" has expired.' });
    expect(countOf('claims.renew')).toBe(1);
  });

  test('The signal of the function aborts when the claim could not be renewed before it expires', async () => {
    const { client } = await start(0.5, { renew: () => 'lost' });
    const startedMs = performance.now();
    const reason = await client.withClaim('agents', (_claim, { signal }) => abortOf(signal));
    expect(reason).toMatchObject({ code: 'CLAIM::ENDED', message: expect.stringContaining('expired') as string });
    expect(performance.now() - startedMs).toBeGreaterThan(450);
  });

  test('The lease is counted from the request, whatever the clock of the server is', async () => {
    const hourAgo = (ttlSeconds: number) => {
      const claim = claimFor(ttlSeconds);
      const shift = (time: string) => new Date(Date.parse(time) - 3_600_000).toISOString();
      const { createdAt, boundAt, expiresAt } = claim;
      return { ...claim, createdAt: shift(createdAt), boundAt: shift(boundAt), expiresAt: shift(expiresAt) };
    };
    const { client, countOf } = await start(0.6, { create: () => hourAgo(0.6), renew: () => hourAgo(0.6) });
    const isAborted = await client.withClaim('agents', async (_claim, { signal }) => {
      await expect.poll(() => countOf('claims.renew')).toBe(4);
      return signal.aborted;
    });
    expect(isAborted).toBe(false);
  });

  test('The signal of the function aborts with the signal of the options', async () => {
    const { client, countOf } = await start(60);
    const controller = new AbortController();
    const run = (_claim: unknown, { signal }: { signal: AbortSignal }) => {
      controller.abort('enough');
      return abortOf(signal);
    };
    expect(await client.withClaim('agents', run, { signal: controller.signal })).toBe('enough');
    expect(countOf('claims.release')).toBe(1);
  });
});

describe('A process that ends', () => {
  const CLIENT = path.resolve(import.meta.dirname, '../../src/client/index.ts');

  /** Runs a program that holds two claims until it ends. */
  const hold = async (url: string, more = '') => {
    const program = `
      import { createWarmpoolClient } from ${JSON.stringify(CLIENT)};
      const client = createWarmpoolClient({ url: ${JSON.stringify(url)} });
      const run = () => (console.log('holding'), new Promise(() => setInterval(() => {}, 1_000)));
      ${more}
      void client.withClaim('agents', run);
      void client.withClaim('agents', run);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await expect.poll(() => output, { timeout: 10_000 }).toBe('holding\nholding\n');
    return { child, exited: once(child, 'exit') };
  };

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'A process that receives %s releases its claims, then ends by it',
    async (signal) => {
      const { url, countOf } = await start(60);
      const { child, exited } = await hold(url);
      child.kill(signal);
      expect(await exited).toEqual([null, signal]);
      expect(countOf('claims.release')).toBe(2);
    },
  );

  test('An application that handles SIGINT itself decides how its process ends', async () => {
    const { url, countOf } = await start(60);
    const { child, exited } = await hold(url, `process.on('SIGINT', () => setTimeout(() => process.exit(7), 500));`);
    child.kill('SIGINT');
    expect(await exited).toEqual([7, null]);
    expect(countOf('claims.release')).toBe(2);
  });

  test('A second SIGINT ends a process that still releases its claims', async () => {
    const { url, countOf } = await start(60, { release: () => 'lost' });
    const { child, exited } = await hold(url);
    child.kill('SIGINT');
    await expect.poll(() => countOf('claims.release')).toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await exited).toEqual([null, 'SIGINT']);
  });
});

test('A call that waits for a member has that much more time', async () => {
  const { url } = await startHttpServer((_request, response) => {
    const body = JSON.stringify({ result: { data: claimFor(60) } });
    setTimeout(() => response.setHeader('Content-Type', 'application/json').end(body), 200);
  });
  const client = createWarmpoolClient({ url, timeoutMs: 100 });
  expect((await client.claims.create.mutate({ name: 'agents', waitSeconds: 1 })).id).toBe('c-1');
  expect((await failureOf(client.claims.create.mutate({ name: 'agents' }))).code).toBe('CLIENT::TIMEOUT');
});
