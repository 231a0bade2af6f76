// Parts of a cluster fail, and nothing of it is left. On clusters of their own.
import { globSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { findBinaries } from '../cluster/kit/binaries.ts';
import { IMAGE } from '../cluster/kit/node/image.ts';
import { TestCluster } from '../cluster/kit/test-cluster.ts';
import { processesOf } from '../docker/kit/processes.ts';
import { becomesReady, createPod } from './pods.ts';
import { removeFolder } from '../support/remove-folder.ts';

const NAMESPACE = 'default';

/** The clusters of a test have their folders in this one. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'warmpool-outage-'));
  vi.stubEnv('TMPDIR', folder);
  return () => {
    vi.unstubAllEnvs();
    removeFolder(folder);
  };
});

/** What clusters have on this machine. */
const belongings = () => ({
  files: readdirSync(folder),
  processes: [...processesOf(folder)],
  bridges: globSync('/sys/class/net/wpn-*'),
  cgroups: globSync('/sys/fs/cgroup/{.,*}/warmpool-cluster-*'),
});

test('The pods of a node outlive its kubelet, which starts more when it is back, and a stopped cluster leaves nothing', async () => {
  const before = belongings();
  const cluster = await TestCluster.start({ mode: 'node' });
  onTestFinished(() => cluster.stop());
  const { access } = cluster;
  await createPod(access, NAMESPACE, 'one', IMAGE);
  await becomesReady(access, NAMESPACE, 'one');
  const withPod = processesOf(folder).size;

  await cluster.killKubelet();
  expect(processesOf(folder).size).toBe(withPod - 1);
  await createPod(access, NAMESPACE, 'two', IMAGE);
  const bound = () => access.kubectl('get', 'pod', 'two', '-o', 'jsonpath={.spec.nodeName}{.status.phase}');
  await expect.poll(bound).toBe('node1Pending');
  await cluster.startKubelet();
  await becomesReady(access, NAMESPACE, 'two');
  expect(await access.kubectl('exec', 'one', '--', 'hostname')).toBe('one\n');

  expect(belongings().bridges).toHaveLength(before.bridges.length + 1);
  await cluster.stop();
  expect(belongings()).toEqual(before);
});

test('A cluster whose kubelet does not start says so and leaves nothing', async () => {
  const bin = path.join(folder, 'bin');
  const found = findBinaries('node');
  mkdirSync(bin);
  for (const name of readdirSync(found))
    symlinkSync(name === 'kubelet' ? '/bin/false' : path.join(found, name), path.join(bin, name));
  vi.stubEnv('KUBEBUILDER_ASSETS', bin);
  const before = belongings();
  await expect(TestCluster.start({ mode: 'node' })).rejects.toThrow('kubelet ended before the kubelet responded');
  expect(belongings()).toEqual(before);
});
