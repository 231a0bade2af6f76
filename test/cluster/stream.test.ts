// The stream of pools on Kubernetes: every change to the pools of the namespace, by any writer.
import { expect, inject, test } from 'vitest';
import { brief, openEventStream } from '../support/event-stream.ts';
import { poolNamed } from '../support/pools.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

test('A stream reports the changes of another server and of kubectl, with the versions of the cluster', async () => {
  const writer = await startServerOn(access);
  const { namespace } = writer;
  const { url } = await startServerOn(access, { namespace });
  await writer.call('POST', '/pools', { json: poolNamed('a') });
  const stream = await openEventStream(`${url}/v1/pool-events`);
  const initial = await stream.until('bookmark');
  // The other server may receive the pool a moment after the stream has begun.
  const events = initial.length > 1 ? initial : [...initial, ...(await stream.until('added'))];
  expect(events.map(brief).sort()).toEqual(['added a', 'bookmark']);

  await access.kubectl('label', 'pool', 'a', 'team=x', '-n', namespace);
  const [labelled] = await stream.until('modified');
  expect(labelled?.data?.pool).toMatchObject({ labels: { team: 'x' } });
  const { etag, resourceVersion } = labelled?.data?.pool as { etag: string; resourceVersion: string };
  const get = await writer.call('GET', '/pools/a', { headers: { 'If-None-Match': etag } });
  expect([get.status, get.headers.get('ETag')]).toEqual([304, etag]);

  await access.kubectl('delete', 'pool', 'a', '-n', namespace);
  const [deleted] = await stream.until('deleted');
  expect(Number(deleted?.data?.resourceVersion)).toBeGreaterThan(Number(resourceVersion));
});

test('A stream that cannot begin responds with the reason', async () => {
  const { call } = await startServerOn(access, { user: 'nobody' });
  expect(await call('GET', '/v1/pool-events')).toMatchObject({ status: 403, body: { code: 'KUBERNETES::FORBIDDEN' } });
});
