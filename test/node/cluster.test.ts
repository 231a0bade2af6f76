// A cluster of mode `node`: its pods run.
import { beforeAll, expect, inject, test } from 'vitest';
import { ClusterAccess } from '../cluster/kit/cluster-access.ts';
import { IMAGE } from '../cluster/kit/node/image.ts';
import { processesOf } from '../docker/kit/processes.ts';
import { becomesReady, createPod } from './pods.ts';

const POLL = { timeout: 30_000, interval: 100 };
const access = new ClusterAccess(inject('cluster'));

let namespace: string;
beforeAll(async () => {
  namespace = await access.createNamespace();
});

const processes = () => processesOf(access.description.folder).size;

test('A pod becomes Ready, runs commands, and leaves nothing when it is deleted', async () => {
  const before = processes();
  await createPod(access, namespace, 'one', IMAGE);
  await becomesReady(access, namespace, 'one');
  const command = ['sh', '-c', 'echo $((6 * 7)) from $(hostname)'];
  expect(await access.kubectl('exec', 'one', '-n', namespace, '--', ...command)).toBe('42 from one\n');
  expect(processes()).toBeGreaterThan(before);

  await access.kubectl('delete', 'pod', 'one', '-n', namespace);
  expect(await access.kubectl('get', 'pods', '-n', namespace, '-o', 'name')).toBe('');
  await expect.poll(processes, POLL).toBe(before);
});

test('A pod whose image does not exist reports that it cannot be pulled', async () => {
  await createPod(access, namespace, 'two', 'localhost/sandbox:2');
  const reason = '{.status.containerStatuses[0].state.waiting.reason}';
  await expect
    .poll(() => access.kubectl('get', 'pod', 'two', '-n', namespace, '-o', `jsonpath=${reason}`), POLL)
    .toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
  await access.kubectl('delete', 'pod', 'two', '-n', namespace);
});
