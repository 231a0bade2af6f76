// Which proxy is used for the API server. Proxies and servers are real, on the loopback.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { proxyOptions } from '../../../../src/services/kubernetes/connection/proxy.ts';
import { startApiServer, startPlainApiServer } from './api-server.ts';
import { Authority, base64 } from './certificates.ts';
import { get, KubeconfigFolder } from './kubeconfig-folder.ts';
import { startProxy, startSocksProxy } from './proxy-server.ts';

const authority = new Authority();
const CA = { 'certificate-authority-data': base64(authority.pem) };

beforeEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'])
    for (const variable of [name, name.toLowerCase()]) vi.stubEnv(variable, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test('HTTPS_PROXY is used for the API server, even without a scheme, unless NO_PROXY contains the server', async () => {
  const [api, proxy] = [await startApiServer(authority), await startProxy()];
  const folder = new KubeconfigFolder();
  folder.writeKubeconfig({ server: `https://cluster.test:${api.port}`, ...CA }, { token: 't' });
  vi.stubEnv('HTTPS_PROXY', proxy.host);
  await get(folder.connect());
  expect(proxy.targets).toEqual([`cluster.test:${api.port}`]);
  expect(api.received).toMatchObject([{ headers: { authorization: 'Bearer t' }, servername: 'cluster.test' }]);
  vi.stubEnv('NO_PROXY', 'other.example,.test');
  await expect(get(folder.connect())).rejects.toThrow(/unreachable \((ENOTFOUND|EAI_AGAIN)\)/);
  expect(proxy.targets).toHaveLength(1);
});

test('proxy-url takes precedence over HTTPS_PROXY, and its user name and password are sent to it', async () => {
  const [api, proxy] = [await startApiServer(authority), await startProxy()];
  const folder = new KubeconfigFolder();
  const proxyUrl = `http://user:pass%40word@${proxy.host}`;
  folder.writeKubeconfig({ server: api.url, ...CA, 'proxy-url': proxyUrl });
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
  await get(folder.connect());
  expect(proxy.targets).toEqual([`127.0.0.1:${api.port}`]);
  expect(proxy.authorizations).toEqual([`Basic ${base64('user:pass@word')}`]);
});

test('A client certificate passes through a proxy', async () => {
  const [api, proxy] = [await startApiServer(authority), await startProxy()];
  const folder = new KubeconfigFolder();
  const { certificate, key } = authority.issue('me');
  folder.writeKubeconfig(
    { server: api.url, ...CA, 'proxy-url': `http://${proxy.host}` },
    { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
  );
  await get(folder.connect());
  expect(api.received).toMatchObject([{ certificate: 'me' }]);
});

test('A SOCKS5 proxy is used for the API server', async () => {
  const [api, proxy] = [await startApiServer(authority), await startSocksProxy()];
  const folder = new KubeconfigFolder();
  const server = `https://cluster.test:${api.port}`;
  folder.writeKubeconfig({ server, ...CA, 'proxy-url': `socks5://${proxy.host}` }, { token: 't' });
  await get(folder.connect());
  expect(proxy.targets).toEqual([`cluster.test:${api.port}`]);
  expect(api.received).toMatchObject([{ headers: { authorization: 'Bearer t' } }]);
});

test('HTTP_PROXY is used for an API server without TLS', async () => {
  const [api, proxy] = [await startPlainApiServer(), await startProxy()];
  const folder = new KubeconfigFolder();
  folder.writeKubeconfig({ server: `http://cluster.test:${api.port}` });
  vi.stubEnv('HTTP_PROXY', `http://${proxy.host}`);
  await get(folder.connect());
  expect(proxy.targets).toEqual([`http://cluster.test:${api.port}/api/v1/namespaces/n`]);
});

test('The error of a call contains the status with which a proxy refuses', async () => {
  const [api, proxy] = [await startApiServer(authority), await startProxy(407)];
  const folder = new KubeconfigFolder();
  folder.writeKubeconfig({ server: api.url, ...CA, 'proxy-url': `http://${proxy.host}` });
  await expect(get(folder.connect())).rejects.toThrow(/the proxy responded with 407/);
});

describe('NO_PROXY', () => {
  /** What the proxy received for one call to this host; the call fails if the proxy is not used. */
  const targetsFor = async (host: string, entries: string) => {
    const [api, proxy] = [await startApiServer(authority), await startProxy()];
    const folder = new KubeconfigFolder();
    const cluster = { server: `https://${host}:${api.port}`, 'insecure-skip-tls-verify': true };
    folder.writeKubeconfig(cluster);
    vi.stubEnv('https_proxy', proxy.host);
    vi.stubEnv('NO_PROXY', entries.replace('PORT', String(api.port)));
    await get(folder.connect()).catch(() => undefined);
    return proxy.targets;
  };

  test.each([
    ['*', 'a.test'],
    ['a.test', 'a.test'],
    ['test', 'a.test'],
    ['.test', 'a.test'],
    ['*.test', 'a.test'],
    ['a.test:PORT', 'a.test'],
    ['x, A.Test ', 'a.test'],
    ['', 'localhost'],
    ['', '127.0.0.1'],
    ['', '[::1]'],
  ])('NO_PROXY %j excludes %s from the proxy', async (entries, host) => {
    expect(await targetsFor(host, entries)).toEqual([]);
  });

  test.each([
    ['', 'a.test'],
    ['a.test', 'ba.test'],
    ['a.test:443', 'a.test'],
    ['10.96.0.0/12', '10.128.0.1'],
    ['10.96.0.0/99', '10.96.0.1'],
    ['10.96.0.0/12', 'a.test'],
  ])('NO_PROXY %j does not exclude %s from the proxy', async (entries, host) => {
    expect(await targetsFor(host, entries)).toEqual([expect.stringMatching(`^${host}:`)]);
  });

  test.each([
    ['10.96.0.0/12', '10.96.0.1'],
    ['x, fd00::/8', '[fd00::1]'],
  ])('The range in NO_PROXY %j excludes %s from the proxy', (entries, host) => {
    vi.stubEnv('https_proxy', 'http://proxy.example');
    vi.stubEnv('NO_PROXY', entries);
    expect(proxyOptions(new URL(`https://${host}`), undefined).httpsProxy).toBe('');
  });

  test('A proxy variable with a scheme that is not supported is refused by name', () => {
    vi.stubEnv('HTTPS_PROXY', 'ftp://proxy.example');
    expect(() => proxyOptions(new URL('https://a.example'), undefined)).toThrow(/^HTTPS_PROXY: /);
  });
});
