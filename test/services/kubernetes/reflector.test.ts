// What the reflector does with a watch that it cannot read. The server is on the loopback.
import { expect, test } from 'vitest';
import { openPlainCluster, STORED } from './plain-cluster.ts';

test.each([
  ['is not JSON', '<html>'],
  ['lacks a field', JSON.stringify({ type: 'ADDED', object: { ...STORED, metadata: {} } })],
])('After a line of a watch that %s, the reflector lists again', async (_what, line) => {
  const isListedAgain = Promise.withResolvers<undefined>();
  let lists = 0;
  const { requests } = await openPlainCluster(({ path, isWatch }) => {
    if (!path.endsWith('/pools')) return undefined;
    if (isWatch) return lists === 1 ? { body: `${line}\n` } : undefined;
    lists += 1;
    if (lists === 2) isListedAgain.resolve(undefined);
    return undefined;
  });
  await isListedAgain.promise;
  expect(requests.filter(({ isWatch }) => isWatch)).toHaveLength(1);
});
