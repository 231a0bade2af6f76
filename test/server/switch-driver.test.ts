// A data directory with members of a driver that the server does not run. With a Docker daemon: test/docker/switch.test.ts.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/services/local/sqlite/database.ts';
import { StoredMembers } from '../../src/services/local/sqlite/stored-members.ts';
import { dataFolder, launch, start } from '../support/server-process.ts';

const editMembers = <Result>(dataDir: string, edit: (members: StoredMembers<object>) => Result): Result => {
  const database = openDatabase(path.join(dataDir, 'warmpool.db'));
  try {
    return edit(new StoredMembers(database, 'docker_members'));
  } finally {
    database.close();
  }
};

test('The start with another driver discards the members of the previous one, and logs how many', async () => {
  const dataDir = dataFolder();
  const first = await start(dataDir);
  first.child.kill('SIGTERM');
  await first.exited;
  expect(first.stderr()).not.toContain('Discarded');
  editMembers(dataDir, (members) => members.set('a-1', {}).set('a-2', {}));
  const second = await start(dataDir);
  await expect
    .poll(second.stderr)
    .toContain(
      'Discarded the members of the docker driver (2): claims on them are lost, and the pools start new members. Their containers run until the next start with --driver docker.',
    );
  second.child.kill('SIGTERM');
  await second.exited;
  expect(editMembers(dataDir, ({ size }) => size)).toBe(0);
});

test('A start with another driver on a port that is in use discards no members', async () => {
  const dataDir = dataFolder();
  const first = await start(dataDir);
  first.child.kill('SIGTERM');
  await first.exited;
  editMembers(dataDir, (members) => members.set('a-1', {}).set('a-2', {}));
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const second = launch(['--port', String(port), '--data-dir', dataDir]);
  expect(await second.exited).toBe(1);
  expect(second.stderr()).toContain(`Port ${port} on 127.0.0.1 is in use.`);
  expect(editMembers(dataDir, ({ size }) => size)).toBe(2);
});
