// Which cluster and namespace are meant, and what is told when that is wrong. Nothing is sent anywhere.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findCluster } from '../../../src/services/kubernetes/connection/kube-config.ts';
import { temporaryFolder } from '../../support/test-server.ts';

const KUBECONFIG = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    { name: 'east', cluster: { server: 'https://127.0.0.1:1' } },
    { name: 'odd', cluster: { server: '127.0.0.1' } },
    { name: 'no-file', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority': '/no/such/ca.crt' } },
    { name: 'plain-text', cluster: { server: 'http://127.0.0.1:1' } },
  ],
  users: [{ name: 'me', user: { token: 'secret' } }],
  contexts: [
    { name: 'plain', context: { cluster: 'east', user: 'me' } },
    { name: 'placed', context: { cluster: 'east', user: 'me', namespace: 'sandboxes' } },
    { name: 'no-cluster', context: { cluster: 'west', user: 'me' } },
    { name: 'no-user', context: { cluster: 'east', user: 'you' } },
    { name: 'odd', context: { cluster: 'odd', user: 'me' } },
    { name: 'plain-text', context: { cluster: 'plain-text', user: 'me' } },
    { name: 'misplaced', context: { cluster: 'east', user: 'me', namespace: 'Bad/../ns' } },
    { name: 'no-file', context: { cluster: 'no-file', user: 'me' } },
  ],
  'current-context': 'plain',
};

const fileWith = (content: object | string): string => {
  const file = path.join(temporaryFolder(), 'config');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('the namespace', () => {
  test.each([
    ['is the configured one', { context: 'placed', namespace: 'given' }, 'given'],
    ['else that of the context', { context: 'placed' }, 'sandboxes'],
    ['else default', {}, 'default'],
  ])('%s', (_what, choice, expected) => {
    expect(findCluster({ kubeconfigPaths: [fileWith(KUBECONFIG)], ...choice }).namespace).toBe(expected);
  });
});

test('several files are read as kubectl reads them: the first current-context counts', () => {
  const second = { ...KUBECONFIG, 'current-context': 'odd' };
  const kubeconfigPaths = ['/nowhere', fileWith(KUBECONFIG), fileWith(second)];
  expect(findCluster({ kubeconfigPaths }).kubeConfig.getCurrentContext()).toBe('plain');
});

describe('a configuration that cannot work is refused with the fix', () => {
  test.each([
    ['a context that is not there', { context: 'nope' }, /no context "nope".*plain, placed/],
    ['a context without its cluster', { context: 'no-cluster' }, /cluster "west", which is not there/],
    ['a context without its user', { context: 'no-user' }, /user "you", which is not there/],
    ['a namespace that cannot be', { context: 'misplaced' }, /namespace "Bad\/..\/ns"/],
    ['a certificate that is not there', { context: 'no-file' }, /needs the file \/no\/such\/ca.crt/],
    ['a server without TLS', { context: 'plain-text' }, /insecure-skip-tls-verify/],
    ['a server that is no URL', { context: 'odd' }, /cluster "odd" is not an http or https URL/],
  ])('%s', (_what, choice, message) => {
    expect(() => findCluster({ kubeconfigPaths: [fileWith(KUBECONFIG)], ...choice })).toThrow(message);
  });

  test.each([
    [
      'no current-context',
      { ...KUBECONFIG, 'current-context': undefined },
      /no current-context.*\[kubernetes\] context/,
    ],
    ['text that is no YAML', 'a: [', /is no kubeconfig that can be read/],
    ['an empty file', '', /is no kubeconfig that can be read|no current-context/],
  ])('%s', (_what, content, message) => {
    expect(() => findCluster({ kubeconfigPaths: [fileWith(content)] })).toThrow(message);
  });

  test('a file that is not there', () => {
    expect(() => findCluster({ kubeconfigPaths: ['/nowhere/config'] })).toThrow(
      'The kubeconfig /nowhere/config does not exist.',
    );
  });

  test('no file outside of a pod', () => {
    expect(() => findCluster({})).toThrow(/Set KUBECONFIG/);
  });

  test('what is wrong with a file is told without its credentials', () => {
    const file = fileWith('users: [{name: me, user: {token: secret}}\nclusters: x: y');
    let told = '';
    try {
      findCluster({ kubeconfigPaths: [file] });
    } catch (error) {
      told = String(error);
    }
    expect(told).toContain(file);
    expect(told).not.toContain('secret');
  });
});
