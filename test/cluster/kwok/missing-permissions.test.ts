// What a server does without each of the permissions of the shipped Role.
import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { afterEach, expect, inject, test } from 'vitest';
import { call, type ServerProcess } from '../../support/server-process.ts';
import { ClusterAccess } from '../kit/cluster-access.ts';
import { createPool, openNamespace, recordingClient } from './managed-servers.ts';

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] };

const access = new ClusterAccess(inject('cluster'));
const POLL = { timeout: 20_000, interval: 100 };

/** The rules of the shipped Role. */
const shippedRules = (): Rule[] => {
  const shipped = loadAll(readFileSync(new URL('../../../deploy/server.yaml', import.meta.url), 'utf8'));
  return (shipped as { kind: string; rules: Rule[] }[]).find(({ kind }) => kind === 'Role')?.rules ?? [];
};

/** @param verbs Default: all. */
const rulesWithout = (resource: string, verbs?: readonly string[]): Rule[] =>
  shippedRules()
    .map((rule) => {
      if (!rule.resources.includes(resource)) return rule;
      return { ...rule, verbs: rule.verbs.filter((verb) => verbs !== undefined && !verbs.includes(verb)) };
    })
    .filter(({ verbs: left }) => left.length > 0);

const grant = async (namespace: string, rules: Rule[]) => {
  const metadata = { name: 'reduced' };
  await access.apply({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules }, '-n', namespace);
};

let running: ServerProcess | undefined;
afterEach(async () => {
  running?.child.kill('SIGTERM');
  // Neither a missing permission nor its consequences end the process.
  if (running !== undefined) expect(await running.exited).toBe(0);
  running = undefined;
});

/** A pool with two members, which a server with all permissions has started, and a server without one of them. */
const startWithout = async (resource: string, verbs?: readonly string[]) => {
  const { namespace, checker, startServer } = await openNamespace(access);
  const first = await startServer();
  await createPool(first, 'agents', 2, { recycleStrategy: { type: 'Delete' } });
  const earlier = await recordingClient(checker, () => first).claim('agents');
  first.child.kill('SIGTERM');
  expect(await first.exited).toBe(0);
  await grant(namespace, rulesWithout(resource, verbs));
  await access.kubectl('create', 'rolebinding', 'reduced', '--role=reduced', '--user=nobody', '-n', namespace);
  const server = await startServer('nobody');
  running = server;
  return {
    server,
    startServer,
    namespace,
    earlier: earlier?.id ?? '',
    client: recordingClient(checker, () => server),
    get: async (route: string) => call(server, 'GET', route),
    claim: (body: object = {}, more: Record<string, string> = {}) =>
      call(server, 'POST', '/v1/pools/agents/claims', body, more),
    grow: async () => {
      const { status } = await call(server, 'PATCH', '/v1/pools/agents', { capacitySpec: { bufferMin: 4 } });
      expect(status).toBe(200);
    },
    /** Waits until `/ready` says it. */
    untilReady: async (sentence: string) => {
      const ready = async () => (await call(server, 'GET', '/ready')).body;
      const reasons = expect.arrayContaining([expect.stringContaining(sentence)]) as string[];
      await expect.poll(ready, POLL).toMatchObject({ status: 'degraded', reasons });
    },
  };
};

type Limited = Awaited<ReturnType<typeof startWithout>>;

const podCount = async ({ namespace }: Limited): Promise<number> =>
  (await access.kubectl('get', 'pods', '-n', namespace, '-l', 'sandbox.opensandbox.io/pool-name=agents', '-o', 'name'))
    .split('\n')
    .filter((line) => line !== '').length;

const FORBIDDEN = { status: 403, body: { code: 'KUBERNETES::FORBIDDEN' } };

const saysMissing = (permission: string): string => `The permission to ${permission} is missing.`;

test('Without the permission to patch pools/status, pools keep their size, and /ready says that no status is written', async () => {
  const limited = await startWithout('pools/status');
  await limited.untilReady(`The status is not written. ${saysMissing('patch pools/status')}`);
  await expect.poll(limited.server.stderr, POLL).toContain(saysMissing('patch pools/status'));
  await limited.grow();
  await expect.poll(() => podCount(limited), POLL).toBe(5);
  expect(await limited.client.claim('agents')).toBeDefined();
});

test('Without the permission to create pods, existing members are handed out, and the pool is Degraded with the reason', async () => {
  const limited = await startWithout('pods', ['create']);
  await limited.untilReady(`No members are started. ${saysMissing('create pods')}`);
  expect(await limited.client.claim('agents')).toBeDefined();
  await limited.grow();
  const degraded = async () => {
    const { body } = await limited.get('/v1/pools/agents');
    const { conditions = [] } = body?.status as { conditions?: { type: string }[] };
    return conditions.find(({ type }) => type === 'Degraded');
  };
  const message = expect.stringContaining('User "nobody" cannot create resource "pods"') as string;
  await expect.poll(degraded, POLL).toMatchObject({ status: 'True', reason: 'StartFailing', message });
});

test('Without the permission to patch pods, a claim responds with 403 at once, and the pool keeps its size', async () => {
  const limited = await startWithout('pods', ['patch']);
  const { claim, untilReady, server, earlier } = limited;
  await untilReady(saysMissing('patch pods'));
  const startMs = performance.now();
  const answer = await claim({ waitSeconds: 20 });
  expect(answer).toMatchObject(FORBIDDEN);
  expect(answer.body?.message).toMatch(/^User "nobody" cannot patch resource "pods"/);
  expect(performance.now() - startMs).toBeLessThan(1_500);
  expect(await call(server, 'DELETE', `/v1/claims/${earlier}`)).toMatchObject(FORBIDDEN);
  expect(await limited.get(`/v1/claims/${earlier}`)).toMatchObject({ status: 200, body: { state: 'bound' } });
  await limited.grow();
  await expect.poll(() => podCount(limited), POLL).toBe(5);
});

test('Without the permission to delete pods, members are handed out and replaced, and /ready says that none is stopped', async () => {
  const { untilReady, client, earlier } = await startWithout('pods', ['delete']);
  await untilReady(`No members are stopped. ${saysMissing('delete pods')}`);
  await client.release(earlier);
  for (let count = 0; count < 4; count++) expect(await client.claim('agents', { waitSeconds: 20 })).toBeDefined();
});

test('Without the permission to list pods, pools and single claims are served, and all else about members responds with 403', async () => {
  const { untilReady, get, claim, client, earlier } = await startWithout('pods', ['list', 'watch']);
  await untilReady('Members are not known. Reads are refused: User "nobody" cannot list resource "pods"');
  expect(await get('/v1/pools')).toMatchObject({ status: 200 });
  expect(await get('/v1/pools/agents')).toMatchObject({ status: 200, body: { name: 'agents' } });
  expect(await get('/v1/pools/agents/members')).toMatchObject(FORBIDDEN);
  expect(await get('/v1/claims')).toMatchObject(FORBIDDEN);
  expect(await claim({ waitSeconds: 20 })).toMatchObject(FORBIDDEN);
  expect(await get(`/v1/claims/${earlier}`)).toMatchObject({ status: 200, body: { state: 'bound' } });
  await client.release(earlier);
  expect(await get(`/v1/claims/${earlier}`)).toMatchObject({ status: 200, body: { state: 'released' } });
});

test('Without the permission to watch pods, the server lists them again and again, and hands members out', async () => {
  const { untilReady, client } = await startWithout('pods', ['watch']);
  await untilReady('User "nobody" cannot watch resource "pods"');
  for (let count = 0; count < 4; count++) expect(await client.claim('agents', { waitSeconds: 20 })).toBeDefined();
});

test('Without permissions on Leases, no server leads, and claims without an Idempotency-Key work', async () => {
  const { untilReady, claim, client, earlier } = await startWithout('leases');
  await untilReady('The Lease "warmpool-leader" cannot be read or written: User "nobody" cannot get resource "leases"');
  const held = await client.claim('agents');
  expect(held).toBeDefined();
  if (held !== undefined) await client.release(held.id);
  await client.release(earlier);
  expect(await claim({}, { 'Idempotency-Key': 'one' })).toMatchObject(FORBIDDEN);
});

test('Without permissions on ConfigMaps, pools keep their size, and their decisions are those in the memory of the leader', async () => {
  const limited = await startWithout('configmaps');
  await limited.untilReady('User "nobody" cannot list resource "configmaps"');
  expect(await limited.client.claim('agents')).toBeDefined();
  await limited.grow();
  await expect.poll(() => limited.get('/v1/pools/agents/decisions'), POLL).toMatchObject({ status: 200 });
  await limited.untilReady('Decisions are not stored: User "nobody" cannot create resource "configmaps"');
  const follower = await limited.startServer('nobody');
  expect(await call(follower, 'GET', '/v1/pools/agents/decisions')).toMatchObject(FORBIDDEN);
});

test.each([
  ['events', 'No Events are written.'],
  ['pods/exec', 'Members are replaced instead of restarted.'],
])('Without permissions on %s, members are handed out, and /ready says: %s', async (resource, sentence) => {
  const { untilReady, client, earlier } = await startWithout(resource);
  await untilReady(sentence);
  await client.release(earlier);
  for (let count = 0; count < 4; count++) expect(await client.claim('agents', { waitSeconds: 20 })).toBeDefined();
});

test('/ready no longer names a permission after it is granted', async () => {
  const { untilReady, namespace, get } = await startWithout('pods/exec');
  await untilReady(saysMissing('create pods/exec'));
  await grant(namespace, shippedRules());
  await expect.poll(async () => (await get('/ready')).body, POLL).toEqual({ status: 'ready', reasons: [] });
});

// The admission plugin OwnerReferencesPermissionEnforcement, which the test clusters have.
test('The shipped Role is enough where the API server checks who may block the deletion of owners', async () => {
  const { namespace, checker, startServer } = await openNamespace(access);
  const server = await startServer();
  await createPool(server, 'agents', 2);
  expect(await recordingClient(checker, () => server).claim('agents')).toBeDefined();
  const { body } = await call(server, 'GET', '/v1/pools/agents');
  const apiVersion = 'sandbox.opensandbox.io/v1alpha1';
  const owner = { apiVersion, kind: 'Pool', name: 'agents', uid: body?.uid, blockOwnerDeletion: true };
  const containers = [{ name: 'sandbox', image: 'busybox:1' }];
  const metadata = { name: 'blocking', ownerReferences: [owner] };
  const file = access.file({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } });
  await expect(access.kubectl('create', '--as=warmpool', '-n', namespace, '-f', file)).rejects.toThrow(
    'cannot set blockOwnerDeletion',
  );
});
