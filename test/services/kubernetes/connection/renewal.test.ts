// Credentials that change while the server runs. Files, plugins and servers are real; only the clock is moved.
import { describe, expect, test } from 'vitest';
import { startApiServer } from './api-server.ts';
import { Authority, base64 } from './certificates.ts';
import { execCredential, get, KubeconfigFolder } from './kubeconfig-folder.ts';

const authority = new Authority();
const [first, second] = [authority.issue('first'), authority.issue('second')];
const CA = { 'certificate-authority-data': base64(authority.pem) };

const asStatus = ({ certificate, key }: typeof first, expirationTimestamp?: string) => ({
  clientCertificateData: certificate,
  clientKeyData: key,
  expirationTimestamp,
});

describe('A credential plugin', () => {
  test('The certificate that follows an expired one is presented by the next call', async () => {
    const api = await startApiServer(authority);
    const folder = new KubeconfigFolder();
    const expiry = new Date(folder.clock.now() + 60_000).toISOString();
    const exec = folder.writePlugin(execCredential(asStatus(first, expiry)));
    folder.writeKubeconfig({ server: api.url, ...CA }, { exec });
    const connection = folder.connect();
    await get(connection);
    folder.write('credential', execCredential(asStatus(second)));
    await get(connection);
    folder.passSeconds(60);
    await get(connection);
    expect(api.received.map(({ certificate }) => certificate)).toEqual(['first', 'first', 'second']);
    expect(folder.runs).toHaveLength(2);
  });

  test('A 401 drops a token without an expiry, and the call is repeated once with the new one', async () => {
    const api = await startApiServer(authority, ({ headers }) => ({
      status: headers.authorization === 'Bearer new' ? 200 : 401,
    }));
    const folder = new KubeconfigFolder();
    const exec = folder.writePlugin(execCredential({ token: 'old' }));
    folder.writeKubeconfig({ server: api.url, ...CA }, { exec });
    const connection = folder.connect();
    await expect(get(connection)).rejects.toMatchObject({ code: 'KUBERNETES::UNAVAILABLE' });
    expect(api.received).toHaveLength(2);
    folder.write('credential', execCredential({ token: 'new' }));
    const body = { metadata: { name: 'n' } };
    await connection.request({ verb: 'create', path: '/apis/g/v1/things', body }, AbortSignal.timeout(10_000));
    expect(api.received.slice(2).map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
    expect(api.received.at(-1)?.body).toBe(JSON.stringify(body));
  });

  test('Twenty calls at the same time run the plugin once, and once more after a 401 for all of them', async () => {
    const api = await startApiServer(authority, ({ headers }) => ({
      status: headers.authorization === 'Bearer new' ? 200 : 401,
    }));
    const folder = new KubeconfigFolder();
    const count = `cat "${folder.path}/credential"; cp "${folder.path}/next" "${folder.path}/credential"`;
    folder.write('next', execCredential({ token: 'new' }));
    const exec = folder.writePlugin(execCredential({ token: 'old' }), count);
    folder.writeKubeconfig({ server: api.url, ...CA }, { exec });
    const connection = folder.connect();
    await Promise.all(Array.from({ length: 20 }, () => get(connection)));
    expect(folder.runs).toHaveLength(2);
    expect(api.received).toHaveLength(40);
  });

  test('A watch that is refused with 401 opens with the renewed token', async () => {
    const api = await startApiServer(authority, ({ headers }) =>
      headers.authorization === 'Bearer new' ? undefined : { status: 401 },
    );
    const folder = new KubeconfigFolder();
    const next = `cat "${folder.path}/credential"; cp "${folder.path}/next" "${folder.path}/credential"`;
    folder.write('next', execCredential({ token: 'new' }));
    folder.writeKubeconfig(
      { server: api.url, ...CA },
      { exec: folder.writePlugin(execCredential({ token: 'old' }), next) },
    );
    const body = await folder.connect().watch('/watched', {}, AbortSignal.timeout(10_000));
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
    body.on('error', () => undefined).destroy();
  });
});

describe('Files', () => {
  test('A client certificate and key that were replaced are presented by the next call, and an open watch continues', async () => {
    const api = await startApiServer(authority, ({ path }) => (path.startsWith('/watched') ? undefined : {}));
    const folder = new KubeconfigFolder();
    folder.write('tls.crt', first.certificate);
    folder.write('tls.key', first.key);
    folder.writeKubeconfig({ server: api.url, ...CA }, { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' });
    const connection = folder.connect();
    const watch = await connection.watch('/watched', {}, AbortSignal.timeout(10_000));
    await get(connection);
    folder.write('tls.crt', second.certificate);
    folder.write('tls.key', second.key);
    await get(connection);
    expect(api.received.map(({ certificate }) => certificate)).toEqual(['first', 'first', 'second']);
    expect(watch.destroyed).toBe(false);
    watch.on('error', () => undefined).destroy();
  });

  test('A certificate without its new key is not used: the previous pair stays in use until both are replaced', async () => {
    const api = await startApiServer(authority);
    const folder = new KubeconfigFolder();
    folder.write('tls.crt', first.certificate);
    folder.write('tls.key', first.key);
    folder.writeKubeconfig({ server: api.url, ...CA }, { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' });
    const connection = folder.connect();
    await get(connection);
    folder.write('tls.crt', second.certificate);
    await get(connection);
    folder.write('tls.key', second.key);
    await get(connection);
    expect(api.received.map(({ certificate }) => certificate)).toEqual(['first', 'first', 'second']);
  });

  test('A token file is trimmed, sent by calls and watches, and read again when it was replaced', async () => {
    const api = await startApiServer(authority, ({ path }) => (path.startsWith('/watched') ? undefined : {}));
    const folder = new KubeconfigFolder();
    folder.write('token', ' one\n');
    folder.writeKubeconfig({ server: api.url, ...CA }, { tokenFile: 'token', token: 'the file takes precedence' });
    const connection = folder.connect();
    await get(connection);
    folder.write('token', 'two\n');
    const watch = await connection.watch('/watched', {}, AbortSignal.timeout(10_000));
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two']);
    watch.on('error', () => undefined).destroy();
  });

  test('A token that cannot change is not sent twice; one that is replaced while it is rejected is sent again', async () => {
    const folder = new KubeconfigFolder();
    let next = 'one';
    const api = await startApiServer(authority, ({ headers }) => {
      folder.write('token', next);
      return { status: headers.authorization === 'Bearer two' ? 200 : 401 };
    });
    folder.write('token', 'one');
    folder.writeKubeconfig({ server: api.url, ...CA }, { tokenFile: 'token' });
    const connection = folder.connect();
    await expect(get(connection)).rejects.toMatchObject({ code: 'KUBERNETES::UNAVAILABLE' });
    expect(api.received).toHaveLength(1);
    next = 'two';
    await get(connection);
    expect(api.received).toHaveLength(3);
  });

  test('A certificate authority that was replaced is trusted by the next call', async () => {
    const [api, other] = [await startApiServer(authority), new Authority()];
    const folder = new KubeconfigFolder();
    folder.write('ca.crt', authority.pem);
    folder.writeKubeconfig({ server: api.url, 'certificate-authority': 'ca.crt' });
    const connection = folder.connect();
    await get(connection);
    const { certificate: cert, key } = other.issue('server');
    api.server.setSecureContext({ cert, key });
    api.server.closeAllConnections();
    await expect(get(connection)).rejects.toMatchObject({ code: 'KUBERNETES::UNAVAILABLE' });
    folder.write('ca.crt', other.pem);
    await get(connection);
    expect(api.received).toHaveLength(2);
  });
});

test('A call ends when its signal aborts while the plugin runs, and the error names the plugin', async () => {
  const api = await startApiServer(authority);
  const folder = new KubeconfigFolder();
  const fifo = `${folder.path}/fifo`;
  const exec = folder.writePlugin(
    execCredential({ token: 't' }),
    `mkfifo "${fifo}"; echo waits >> "${folder.path}/runs"; read line < "${fifo}"`,
  );
  folder.writeKubeconfig({ server: api.url, ...CA }, { exec });
  const connection = folder.connect();
  const hangUp = new AbortController();
  const call = connection.request({ verb: 'list', path: '/api/v1/namespaces' }, hangUp.signal);
  // A plugin that is still starting would write into the folder while the test removes it.
  await expect.poll(() => folder.runs).toContain('waits');
  hangUp.abort();
  await expect(call).rejects.toMatchObject({
    code: 'KUBERNETES::TIMEOUT',
    message: expect.stringMatching(
      /users\["u"\]\.user\.exec: command ".*plugin" has not returned a credential yet/,
    ) as string,
  });
  expect(api.received).toEqual([]);
});
