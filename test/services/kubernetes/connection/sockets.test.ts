// How calls share sockets. Servers are real, on the loopback.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startApiServer } from './api-server.ts';
import { Authority, base64 } from './certificates.ts';
import { execCredential, get, KubeconfigFolder } from './kubeconfig-folder.ts';
import { startProxy } from './proxy-server.ts';

const authority = new Authority();
const CA = { 'certificate-authority-data': base64(authority.pem) };

test('Calls that follow each other share their sockets, even when the token changes', async () => {
  const api = await startApiServer(authority);
  let sockets = 0;
  api.server.on('secureConnection', () => (sockets += 1));
  const folder = new KubeconfigFolder();
  folder.write('token', 'one');
  folder.writeKubeconfig({ server: api.url, ...CA }, { tokenFile: 'token' });
  const connection = folder.connect();
  for (const token of ['one', 'two', 'three', 'four', 'five', 'six']) {
    folder.write('token', token);
    await get(connection);
  }
  // undici frees a socket one turn of the event loop after the response: two of them alternate.
  expect(sockets).toBeLessThanOrEqual(2);
});

test('After a call without a response its socket is closed, later calls work, and an open watch continues', async () => {
  const silent = ({ path }: { readonly path: string }) => (path.startsWith('/api/v1/namespaces/n') ? {} : undefined);
  const api = await startApiServer(authority, silent);
  const folder = new KubeconfigFolder();
  folder.writeKubeconfig({ server: api.url, ...CA });
  const connection = folder.connect();
  await get(connection);
  const watch = await connection.watch('/watched', {}, AbortSignal.timeout(10_000));
  const deadline = new AbortController();
  const silentCall = connection.request({ verb: 'create', path: '/api/v1/nodes' }, deadline.signal);
  const [{ socket }] = (await once(api.server, 'request')) as [IncomingMessage];
  deadline.abort(new DOMException('', 'TimeoutError'));
  await expect(silentCall).rejects.toMatchObject({
    code: 'KUBERNETES::TIMEOUT',
    message: 'The Kubernetes API server did not respond in time. The write may have been carried out.',
  });
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  await get(connection);
  expect(watch.destroyed).toBe(false);
  watch.on('error', () => undefined).destroy();
});

test('Calls that a plugin cannot renew after a 401 leave no socket occupied', async () => {
  const body = JSON.stringify({ message: 'x'.repeat(100_000) });
  const api = await startApiServer(authority, () => ({ status: 401, body }));
  let sockets = 0;
  api.server.on('secureConnection', () => (sockets += 1));
  const folder = new KubeconfigFolder();
  const once = `cat "${folder.path}/credential" && rm "${folder.path}/credential"`;
  folder.writeKubeconfig(
    { server: api.url, ...CA },
    { exec: folder.writePlugin(execCredential({ token: 'old' }), once) },
  );
  const connection = folder.connect();
  for (let calls = 0; calls < 5; calls++) await expect(get(connection)).rejects.toThrow('exited with code 1');
  expect(api.received).toHaveLength(5);
  // undici frees a socket one turn of the event loop after the response: two of them alternate.
  expect(sockets).toBeLessThanOrEqual(2);
});

test('A call whose signal has already aborted sends nothing', async () => {
  const api = await startApiServer(authority);
  const folder = new KubeconfigFolder();
  folder.writeKubeconfig({ server: api.url, ...CA });
  const connection = folder.connect();
  const call = connection.request({ verb: 'delete', path: '/api/v1/namespaces/n' }, AbortSignal.abort());
  await expect(call).rejects.toThrow(/^The Kubernetes API server did not respond in time\.$/);
  expect(api.received).toEqual([]);
});

test('Only HTTP/1.1 is used, directly and through a proxy', async () => {
  const { certificate: cert, key } = authority.issue('server');
  const versions: string[] = [];
  const server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
    versions.push(request.httpVersion);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [folder, proxy] = [new KubeconfigFolder(), await startProxy()];
  folder.writeKubeconfig({ server: url, ...CA });
  await get(folder.connect());
  folder.writeKubeconfig({ server: url, ...CA, 'proxy-url': `http://${proxy.host}` });
  await get(folder.connect());
  expect(versions).toEqual(['1.1', '1.1']);
});
