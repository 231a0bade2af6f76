// Each field of a kubeconfig has the same effect on a call as with kubectl.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startApiServer, startPlainApiServer } from './api-server.ts';
import { Authority, base64 } from './certificates.ts';
import { API_VERSION, execCredential, get, KubeconfigFolder } from './kubeconfig-folder.ts';

const authority = new Authority();
const me = authority.issue('me');
const CA = { 'certificate-authority-data': base64(authority.pem) };
const CERTIFICATE = {
  'client-certificate-data': base64(me.certificate),
  'client-key-data': base64(me.key),
};

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The request that the API server receives for a call of this user. */
const receivedFrom = async (user: object | null, cluster: object = CA) => {
  const api = await startApiServer(authority);
  const folder = new KubeconfigFolder();
  folder.writeKubeconfig({ server: api.url, ...cluster }, user);
  await get(folder.connect());
  const [received] = api.received;
  if (received === undefined) throw new Error('nothing was received');
  return received;
};

describe('Users', () => {
  test.each([
    ['token', { token: 't' }, 'Bearer t'],
    ['username and password', { username: 'u', password: 'p' }, `Basic ${base64('u:p')}`],
    ['a token next to auth-provider', { token: 't', 'auth-provider': { name: 'oidc' } }, 'Bearer t'],
    ['a user without fields', {}, undefined],
    ['an empty user', null, undefined],
    ['empty fields', { token: '', username: '', 'client-key': '' }, undefined],
  ])('Credentials are sent as kubectl sends them (%s)', async (_what, user, authorization) => {
    expect((await receivedFrom(user)).headers.authorization).toBe(authorization);
  });

  test('A client certificate is presented, alone or together with a token', async () => {
    expect(await receivedFrom(CERTIFICATE)).toMatchObject({ certificate: 'me' });
    const both = await receivedFrom({ ...CERTIFICATE, token: 't' });
    expect(both).toMatchObject({ certificate: 'me', headers: { authorization: 'Bearer t' } });
  });

  test('A value in the kubeconfig takes precedence over a file', async () => {
    const files = { 'client-certificate': 'no.crt', 'client-key': 'no.key' };
    const received = await receivedFrom({ ...CERTIFICATE, ...files }, { ...CA, 'certificate-authority': 'no.crt' });
    expect(received).toMatchObject({ certificate: 'me' });
  });

  test('as, as-uid, as-groups and as-user-extra are all sent', async () => {
    const { headers, rawHeaders } = await receivedFrom({
      token: 't',
      as: 'someone',
      'as-uid': '42',
      'as-groups': ['one', 'two'],
      'as-user-extra': { 'example.com/scopes': ['read', 'write'] },
    });
    expect(headers).toMatchObject({ 'impersonate-user': 'someone', 'impersonate-uid': '42' });
    const valuesOf = (name: string) => rawHeaders.filter((_value, index) => rawHeaders[index - 1] === name);
    expect(valuesOf('Impersonate-Group')).toEqual(['one', 'two']);
    expect(valuesOf('Impersonate-Extra-example.com%2Fscopes')).toEqual(['read', 'write']);
  });

  test.each([{ as: 'a\nb' }, { as: 'a', 'as-uid': 'x\ny' }, { as: 'a', 'as-groups': ['x\ry'] }])(
    'A control character in %j is refused before anything is sent, with the name of the field',
    async (user) => {
      await expect(receivedFrom(user)).rejects.toThrow(/\.user\.as[^:]*: must not contain control characters/);
    },
  );

  test('Calls and watches send the same User-Agent', async () => {
    const api = await startApiServer(authority, ({ path: at }) => (at.startsWith('/watched') ? undefined : {}));
    const folder = new KubeconfigFolder();
    folder.writeKubeconfig({ server: api.url, ...CA });
    const connection = folder.connect();
    await get(connection);
    const watch = await connection.watch('/watched', {}, AbortSignal.timeout(10_000));
    expect(api.received.map(({ headers }) => headers['user-agent'])).toEqual(['warmpool', 'warmpool']);
    watch.on('error', () => undefined).destroy();
  });
});

describe('Clusters', () => {
  test('tls-server-name is the name that the certificate is checked for', async () => {
    expect((await receivedFrom({}, { ...CA, 'tls-server-name': 'cluster.test' })).servername).toBe('cluster.test');
    await expect(receivedFrom({}, { ...CA, 'tls-server-name': 'other.test' })).rejects.toThrow(
      /ERR_TLS_CERT_ALTNAME_INVALID/,
    );
  });

  test('insecure-skip-tls-verify accepts any certificate; without it an unknown authority is refused', async () => {
    expect(await receivedFrom({ token: 't' }, { 'insecure-skip-tls-verify': true })).toBeDefined();
    await expect(receivedFrom({ token: 't' }, {})).rejects.toThrow(/unreachable \(\w+\)/);
  });

  test('Responses may be compressed, unless disable-compression is set', async () => {
    const body = gzipSync(JSON.stringify({ metadata: { name: 'n' } }));
    const api = await startApiServer(authority, ({ headers }) =>
      headers['accept-encoding'] === 'gzip' ? { body, headers: { 'content-encoding': 'gzip' } } : {},
    );
    const folder = new KubeconfigFolder();
    folder.writeKubeconfig({ server: api.url, ...CA });
    expect(await get(folder.connect())).toMatchObject({ metadata: { name: 'n' } });
    folder.writeKubeconfig({ server: api.url, ...CA, 'disable-compression': true });
    expect(await get(folder.connect())).not.toHaveProperty('metadata.name');
  });

  test('Over http nothing that identifies the user is sent', async () => {
    const api = await startPlainApiServer();
    const folder = new KubeconfigFolder();
    folder.writeKubeconfig({ server: api.url }, { token: 't', as: 'someone', exec: { command: 'not-installed' } });
    await get(folder.connect());
    const names = Object.keys(api.received[0]?.headers ?? {});
    expect(names.filter((name) => /authorization|impersonate/.test(name))).toEqual([]);
    expect(names).toContain('user-agent');
  });
});

describe('The field exec', () => {
  const EXTENSION = { audience: 'pools' };

  /** What a plugin in the folder of the kubeconfig received. */
  const infoFor = async (exec: object, cluster: object = CA) => {
    const api = await startApiServer(authority);
    const folder = new KubeconfigFolder();
    const plugin = folder.writePlugin(execCredential({ token: 't' }));
    folder.writeKubeconfig({ server: api.url, ...cluster }, { exec: { ...plugin, ...exec } });
    await get(folder.connect());
    return { api, info: JSON.parse(folder.runs[0] ?? '') as unknown };
  };

  test('A command with a slash is relative to the kubeconfig, and KUBERNETES_EXEC_INFO is set', async () => {
    const { api, info } = await infoFor({});
    expect(info).toEqual({ kind: 'ExecCredential', apiVersion: API_VERSION, spec: { interactive: false } });
    expect(api.received).toMatchObject([{ headers: { authorization: 'Bearer t' } }]);
  });

  test('With provideClusterInfo the plugin receives the cluster', async () => {
    const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: EXTENSION }];
    const cluster = { ...CA, 'tls-server-name': 'cluster.test', extensions };
    const { api, info } = await infoFor({ provideClusterInfo: true }, cluster);
    expect(info).toMatchObject({
      spec: { cluster: { server: api.url, ...CA, 'tls-server-name': 'cluster.test', config: EXTENSION } },
    });
  });

  test('A bare command is looked up in PATH, and receives args and env', async () => {
    const folder = new KubeconfigFolder();
    const api = await startApiServer(authority);
    folder.writePlugin(
      '',
      `printf '{"kind":"ExecCredential","apiVersion":"%s","status":{"token":"%s"}}' "$1" "$TOKEN"`,
    );
    mkdirSync(path.join(folder.path, 'elsewhere'));
    vi.stubEnv('PATH', `${folder.path}/elsewhere:${folder.path}:${process.env.PATH ?? ''}`);
    const exec = {
      apiVersion: API_VERSION,
      command: 'plugin',
      args: [API_VERSION],
      env: [{ name: 'TOKEN', value: 'of-env' }],
    };
    folder.writeKubeconfig({ server: api.url, ...CA }, { exec });
    await get(folder.connect());
    expect(api.received).toMatchObject([{ headers: { authorization: 'Bearer of-env' } }]);
  });

  test('A plugin is not run if there is a token or a certificate', async () => {
    const exec = { apiVersion: API_VERSION, command: 'not-installed' };
    expect(await receivedFrom({ token: 't', exec })).toMatchObject({ headers: { authorization: 'Bearer t' } });
    expect(await receivedFrom({ ...CERTIFICATE, exec })).toMatchObject({ certificate: 'me' });
  });

  test.each([
    ['exits', 'echo SECRET >&2; echo SECRET; exit 255', 'exited with code 255. Install it with pip.'],
    [
      'prints words before the JSON',
      'echo Updated SECRET; cat CREDENTIAL',
      'must print exactly one ExecCredential as JSON.',
    ],
    ['is killed', 'echo SECRET; kill -9 $$', 'was killed by SIGKILL. Install it with pip.'],
    [
      'returns a broken expiry',
      `echo '${execCredential({ token: 'SECRET', expirationTimestamp: 'tomorrow' })}'`,
      'returned a status.expirationTimestamp that is not a valid RFC 3339 time.',
    ],
    ['prints nothing', ':', 'must print exactly one ExecCredential as JSON.'],
    [
      'returns another version',
      `echo '${execCredential({ token: 'SECRET' }, 'client.authentication.k8s.io/v1beta1')}'`,
      `did not return apiVersion ${API_VERSION}.`,
    ],
    [
      'returns nothing',
      `echo '${execCredential({})}'`,
      'returned neither a token nor a client certificate with its key.',
    ],
    [
      'returns half a pair',
      `echo '${execCredential({ clientKeyData: 'SECRET' })}'`,
      'returned neither a token nor a client certificate with its key.',
    ],
    [
      'returns a broken token',
      `echo '${execCredential({ token: 'SECRET SECRET' })}'`,
      'returned status.token: is empty, or contains characters that a header cannot carry.',
    ],
  ])('The error of a plugin that %s names the command and never its output', async (_what, script, reason) => {
    const folder = new KubeconfigFolder();
    const exec = folder.writePlugin(
      execCredential({ token: 'SECRET' }),
      script.replace('CREDENTIAL', `${folder.path}/credential`),
    );
    folder.writeKubeconfig(
      { server: 'https://127.0.0.1:9' },
      { exec: { ...exec, installHint: 'Install it with pip.' } },
    );
    const failure = await get(folder.connect()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'KUBERNETES::UNAVAILABLE' });
    const { message } = failure as Error;
    expect(message).toContain(`users["u"].user.exec: command "${folder.path}/plugin" ${reason}`);
    expect(JSON.stringify(failure) + message + String((failure as Error).cause)).not.toContain('SECRET');
  });

  test('The error of a certificate that does not match its key names the plugin', async () => {
    const folder = new KubeconfigFolder();
    const status = { clientCertificateData: me.certificate, clientKeyData: authority.issue('other').key };
    folder.writeKubeconfig({ server: 'https://127.0.0.1:9' }, { exec: folder.writePlugin(execCredential(status)) });
    await expect(get(folder.connect())).rejects.toThrow(
      /user\.exec: command ".*plugin" returned status\.clientKeyData: does not match/,
    );
  });
});
