// Which cluster and namespace a kubeconfig selects, and how an unusable one is reported. Nothing is sent.
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ClusterConnection } from '../../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../../src/services/kubernetes/connection/kube-config.ts';
import { temporaryFolder } from '../../support/test-server.ts';
import { Authority, base64 } from './connection/certificates.ts';

const KUBECONFIG = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    { name: 'east', cluster: { server: 'https://127.0.0.1:1' } },
    { name: 'half', cluster: {} },
  ],
  users: [{ name: 'me', user: { token: 'secret' } }],
  contexts: [
    { name: 'plain', context: { cluster: 'east', user: 'me' } },
    { name: 'placed', context: { cluster: 'east', user: 'me', namespace: 'sandboxes' } },
    { name: 'no-cluster', context: { cluster: 'west', user: 'me' } },
    { name: 'no-user', context: { cluster: 'east', user: 'you' } },
    { name: 'misplaced', context: { cluster: 'east', user: 'me', namespace: 'Bad/../ns' } },
    { name: 'half', context: { cluster: '', user: '' } },
    { name: 'anonymous', context: { cluster: 'east' } },
  ],
  'current-context': 'plain',
  preferences: {},
  extensions: [],
};

const fileWith = (content: object | string): string => {
  const file = path.join(temporaryFolder(), 'config');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

/** A kubeconfig of one context. */
const kubeconfigOf = (cluster: object, user: object = {}): string =>
  fileWith({
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });

/** What the server does at startup: nothing is sent, and no plugin is run. */
const start = async (kubeconfigPath: string): Promise<void> => {
  await new ClusterConnection(findCluster({ kubeconfigPaths: [kubeconfigPath].flat() }).kubeConfig).close();
};

const serverOf = (kubeconfigPath: string | readonly string[]): string =>
  findCluster({ kubeconfigPaths: [kubeconfigPath].flat() }).kubeConfig.cluster.server;

describe('The namespace', () => {
  test.each([
    ['The configured namespace takes precedence', { context: 'placed', namespace: 'given' }, 'given'],
    ['Without a configured namespace, that of the context is used', { context: 'placed' }, 'sandboxes'],
    ['Without any namespace, the namespace is default', {}, 'default'],
  ])('%s', (_what, choice, expected) => {
    expect(findCluster({ kubeconfigPaths: [fileWith(KUBECONFIG)], ...choice }).namespace).toBe(expected);
  });
});

describe('Several files', () => {
  test('Several files are merged as kubectl merges them: a missing file is skipped, and the first of equal names is used', () => {
    const second = { ...KUBECONFIG, clusters: [{ name: 'east', cluster: { server: 'https://10.0.0.1' } }] };
    expect(serverOf(['/nowhere', fileWith(KUBECONFIG), fileWith(second)])).toBe('https://127.0.0.1:1');
  });

  test('A kubeconfig path with a colon is one file', () => {
    const file = path.join(temporaryFolder(), 'arn:aws:eks');
    writeFileSync(file, JSON.stringify(KUBECONFIG));
    expect(serverOf(file)).toBe('https://127.0.0.1:1');
  });

  test('If all kubeconfig files are missing, the error names them', () => {
    expect(() => serverOf(['/nowhere/a', '/nowhere/b'])).toThrow(
      'kubeconfig_path names does not exist: /nowhere/a, /nowhere/b.',
    );
  });
});

describe('A kubeconfig that kubectl accepts', () => {
  test('An incomplete context that is not used is ignored', () => {
    expect(findCluster({ kubeconfigPaths: [fileWith(KUBECONFIG)] }).where).toContain('context "plain"');
  });

  test('A context without a user is anonymous', () => {
    const { kubeConfig } = findCluster({ kubeconfigPaths: [fileWith(KUBECONFIG)], context: 'anonymous' });
    expect(kubeConfig.user).toMatchObject({
      token: undefined,
      basic: undefined,
      exec: undefined,
      pair: undefined,
    });
  });

  test('A server URL with http is accepted without a warning on the loopback, and with one elsewhere', () => {
    const warningOf = (server: string) => findCluster({ kubeconfigPaths: [kubeconfigOf({ server })] }).warning;
    expect(warningOf('http://localhost:8001')).toBe(undefined);
    expect(warningOf('http://[::1]:8001')).toBe(undefined);
    expect(warningOf('http://10.0.0.1:8080')).toMatch(/^http:\/\/10\.0\.0\.1:8080 is reached over http/);
  });

  test('An empty kubeconfig among several is skipped', () => {
    const kubeconfigPaths = [fileWith(''), kubeconfigOf({ server: 'https://127.0.0.1' })];
    expect(findCluster({ kubeconfigPaths }).kubeConfig.cluster.server).toBe('https://127.0.0.1');
  });

  test('A path in the server URL is kept, without its trailing slash', () => {
    expect(serverOf(kubeconfigOf({ server: 'https://rancher.example/k8s/clusters/c-1/' }))).toBe(
      'https://rancher.example/k8s/clusters/c-1',
    );
  });

  test('null is treated as an absent field or list', () => {
    const nothing = { clusters: null, users: null, contexts: null };
    expect(() => serverOf(fileWith({ ...nothing, 'current-context': 'x' }))).toThrow(/context "x" does not exist/);
    expect(serverOf(kubeconfigOf({ server: 'https://127.0.0.1', 'proxy-url': null }))).toBe('https://127.0.0.1');
  });
});

describe('A kubeconfig that cannot be used', () => {
  test.each([
    [
      'A context that does not exist',
      { context: 'nope' },
      /context "nope" does not exist. Defined contexts: plain, placed/,
    ],
    ['A context without its cluster', { context: 'no-cluster' }, /cluster "west" does not exist/],
    ['A context without its user', { context: 'no-user' }, /user "you" does not exist/],
    ['A chosen context that is incomplete', { context: 'half' }, /cluster "" does not exist/],
    [
      'An invalid namespace',
      { context: 'misplaced' },
      /contexts\["misplaced"\].context.namespace: "Bad\/..\/ns" is not a valid Kubernetes namespace name/,
    ],
  ])('%s is refused', (_what, choice, message) => {
    expect(() => findCluster({ kubeconfigPaths: [fileWith(KUBECONFIG)], ...choice })).toThrow(message);
  });

  test.each([
    [
      'A kubeconfig without a current-context',
      { ...KUBECONFIG, 'current-context': undefined },
      /current-context is not set. Set it, or \[kubernetes\] context/,
    ],
    ['A kubeconfig that is not YAML', 'a: [', /is not a valid kubeconfig: unexpected end/],
    ['A kubeconfig that is not an object', 'text', /is not a valid kubeconfig: [^:]/],
    ['An empty kubeconfig', '', /current-context is not set/],
    ['A kubeconfig whose users are not a list', { ...KUBECONFIG, users: 'me' }, /is not a valid kubeconfig: .users: /],
  ])('%s is refused', (_what, content, message) => {
    expect(() => findCluster({ kubeconfigPaths: [fileWith(content)] })).toThrow(message);
  });

  test('The error for a missing kubeconfig names it', () => {
    expect(() => serverOf('/nowhere/config')).toThrow('does not exist: /nowhere/config.');
  });

  test('Without a kubeconfig outside a pod, the error says what to set', () => {
    expect(() => findCluster({})).toThrow(/Set KUBECONFIG/);
  });

  test('The error for a broken file contains no credentials', () => {
    const file = fileWith('users: [{name: me, user: {token: secret}}\nclusters: x: y');
    expect(() => serverOf(file)).toThrow(file);
    expect(() => serverOf(file)).not.toThrow('secret');
  });
});

describe('A field that cannot be used', () => {
  const authority = new Authority();
  const [one, other] = [authority.issue('one'), authority.issue('other')];
  const [certificate, key] = [base64(one.certificate), base64(one.key)];
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', interactiveMode: 'Never' };

  test.each([
    ['server', { server: 'ftp://127.0.0.1' }, /must be an http or https URL/],
    ['server', { server: '' }, /must be an http or https URL/],
    ['proxy-url', { 'proxy-url': '127.0.0.1:3128' }, /must be a URL with the scheme http, https or socks5/],
    ['proxy-url', { 'proxy-url': 'ftp://127.0.0.1:3128' }, /must be a URL with the scheme http, https or socks5/],
    [
      'certificate-authority',
      { 'certificate-authority': '/no/such/ca.crt' },
      /cannot read \/no\/such\/ca.crt \(ENOENT\)/,
    ],
    ['certificate-authority-data', { 'certificate-authority-data': authority.pem }, /contains PEM text.*base64/],
    [
      'certificate-authority-data',
      { 'certificate-authority-data': 'bm8=' },
      /must be the base64 encoding of a PEM file/,
    ],
    ['certificate-authority-data', { 'certificate-authority-data': key }, /does not contain a PEM certificate/],
    [
      'insecure-skip-tls-verify',
      { 'insecure-skip-tls-verify': true, 'certificate-authority-data': base64(authority.pem) },
      /keep one of them/,
    ],
  ])('An invalid field %s of a cluster is refused by name (case %$)', async (field, cluster, reason) => {
    const kubeconfigPath = kubeconfigOf({ server: 'https://127.0.0.1', ...cluster });
    const refusal = expect(start(kubeconfigPath)).rejects;
    await refusal.toThrow(`${kubeconfigPath}: clusters["c"].cluster.${field}: `);
    await refusal.toThrow(reason);
  });

  test.each([
    ['client-key', { 'client-certificate-data': certificate }, /must be set for the client certificate/],
    ['client-key-data', { 'client-certificate-data': certificate, 'client-key-data': one.key }, /contains PEM text/],
    [
      'client-key-data',
      { 'client-certificate-data': certificate, 'client-key-data': base64(other.key) },
      /does not match .*client-certificate-data; they are not a pair/,
    ],
    ['client-certificate-data', { 'client-certificate-data': key, 'client-key-data': key }, /is not a PEM certificate/],
    [
      'client-key',
      { 'client-certificate-data': certificate, 'client-key': 'no.key' },
      /cannot read .*no.key \(ENOENT\)/,
    ],
    ['tokenFile', { tokenFile: '/no/token' }, /cannot read \/no\/token \(ENOENT\)/],
    ['token', { token: 'two words' }, /contains characters that a header cannot carry/],
    ['token', { token: 1 }, /expected string/],
    ['username', { token: 'secret', username: 'u' }, /keep one of them/],
    ['as', { 'as-groups': ['admins'] }, /must be set for as-uid, as-groups and as-user-extra/],
    ['auth-provider', { 'auth-provider': { name: 'oidc', config: {} } }, /Use exec with a credential plugin/],
    ['exec.command', { exec: { ...exec, command: '' } }, /must be set/],
    ['exec.apiVersion', { exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1alpha1' } }, /must be client/],
    ['exec.interactiveMode', { exec: { ...exec, interactiveMode: 'Always' } }, /a service has no terminal/],
    ['exec.env[0].name', { exec: { ...exec, env: [{ value: 'secret' }] } }, /expected string/],
    [
      'exec',
      { exec: { ...exec, command: 'not-installed', installHint: 'Install it with pip.' } },
      /command "not-installed" is not installed or not executable. Install it with pip./,
    ],
  ])('An invalid field %s of a user is refused by name (case %$)', async (field, user, reason) => {
    const kubeconfigPath = kubeconfigOf({ server: 'https://127.0.0.1' }, user);
    const refusal = expect(start(kubeconfigPath)).rejects;
    await refusal.toThrow(`${kubeconfigPath}: users["u"].user.${field}: `);
    await refusal.toThrow(reason);
    await refusal.not.toThrow('secret');
  });

  test('A plugin in the folder of the kubeconfig that is not executable is reported', async () => {
    const kubeconfigPath = kubeconfigOf({ server: 'https://127.0.0.1' }, { exec: { ...exec, command: './plugin' } });
    const plugin = path.join(path.dirname(kubeconfigPath), 'plugin');
    writeFileSync(plugin, '#!/bin/sh\n');
    chmodSync(plugin, 0o644);
    await expect(start(kubeconfigPath)).rejects.toThrow(`command "${plugin}" is not installed or not executable`);
    chmodSync(plugin, 0o755);
    await start(kubeconfigPath);
  });
});
