// A server on the loopback in place of an API server that is overloaded: it refuses the first calls to each path.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/test-server.ts';

type Refusal = { readonly status: number; readonly retryAfter?: string };

const STATUS = { kind: 'Status', reason: 'TooManyRequests', message: 'storage is (re)initializing', details: {} };

/** Responds with the refusals one after the other, for each path, and with an empty list after them. */
export const startOverloadedApiServer = async (refusals: readonly Refusal[]) => {
  const calls: { readonly path: string; readonly atMs: number }[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const refusal = refusals[calls.filter((call) => call.path === pathname).length];
    calls.push({ path: pathname, atMs: performance.now() });
    response.setHeader('Content-Type', 'application/json');
    if (refusal?.retryAfter !== undefined) response.setHeader('Retry-After', refusal.retryAfter);
    response.statusCode = refusal?.status ?? 200;
    response.end(JSON.stringify(refusal ? STATUS : { items: [], metadata: { resourceVersion: '1' } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfigPath = path.join(temporaryFolder(), 'config');
  const kubeconfig = {
    clusters: [{ name: 'c', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'n' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfigPath, JSON.stringify(kubeconfig));
  return { calls, kubeconfigPath };
};
