// What Node's HTTP parser refuses before there is a request.
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { exchange } from '../support/exchange.ts';
import { poolNamed } from '../support/pools.ts';
import { API_KEY, startTestServer } from '../support/test-server.ts';

describe('Requests that the HTTP parser refuses', () => {
  const raw = async (text: string) => exchange((await startTestServer()).url, text);

  test.each([
    ['Broken HTTP', 'NONSENSE\r\n\r\n', 400, 'REQUEST::MALFORMED'],
    ['A request without Host', 'GET /pools HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'REQUEST::MALFORMED'],
    [
      'A head over 16 KiB',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'REQUEST::HEADERS_TOO_LARGE',
    ],
    ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'REQUEST::METHOD_NOT_ALLOWED'],
    [
      'A body with two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'REQUEST::MALFORMED',
    ],
  ])('%s is refused with the common error body and a request id', async (_what, text, status, code) => {
    const answer = await raw(text);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toMatch(/X-Request-ID: [0-9a-f]{32}/i);
    expect(answer).toContain(`"code":"${code}"`);
  });

  test('An unknown Expect header and an upgrade are ignored', async () => {
    const head = `Host: x\r\nOPEN-SANDBOX-API-KEY: ${API_KEY}\r\nConnection: close\r\n`;
    expect(await raw(`GET /pools HTTP/1.1\r\n${head}Expect: banana\r\n\r\n`)).toContain('HTTP/1.1 200 OK');
    const upgrade = head.replace('close', 'upgrade, close');
    expect(await raw(`GET /pools HTTP/1.1\r\n${upgrade}Upgrade: websocket\r\n\r\n`)).toMatch(
      /HTTP\/1.1 200 OK[^]*x-request-id/i,
    );
  });

  test('An error of the HTTP parser is sent after the response to the request before it', async () => {
    const { url, call } = await startTestServer();
    const body = JSON.stringify(poolNamed('a'));
    const head = `POST /pools HTTP/1.1\r\nHost: a\r\nOPEN-SANDBOX-API-KEY: ${API_KEY}\r\nContent-Type: application/json`;
    const text = await exchange(url, `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}GARBAGE\r\n\r\n`);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 400']);
    expect((await call('GET', '/pools/a')).status).toBe(200);
  });

  test('A CONNECT whose sender resets the connection does not crash the server', async () => {
    const { url, call } = await startTestServer();
    for (let round = 0; round < 100; round++)
      await new Promise<void>((resolve) => {
        const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
          socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n');
          setTimeout(() => socket.resetAndDestroy(), round % 4);
        });
        socket.on('close', () => {
          resolve();
        });
        socket.on('error', () => undefined);
      });
    expect((await call('GET', '/health', { key: null })).status).toBe(200);
  });

  test('An empty chunked body is treated as absent', async () => {
    const { url } = await startTestServer();
    const send = (method: string, route: string) =>
      exchange(
        url,
        `${method} ${route} HTTP/1.1\r\nHost: a\r\nOPEN-SANDBOX-API-KEY: ${API_KEY}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      );
    expect(await send('GET', '/pools')).toMatch(/^HTTP\/1\.1 200/);
    expect(await send('DELETE', '/pools/nope')).toMatch(/^HTTP\/1\.1 404/);
    expect(await send('POST', '/pools')).toMatch(/^HTTP\/1\.1 422/);
  });
});
