// Restarts of pods. The server is real, on the loopback; the test writes what the kubelet would.
import { expect, onTestFinished, test } from 'vitest';
import { MemberOrders } from '../../../../src/services/controller/member-orders.ts';
import { MemberTable } from '../../../../src/services/controller/member-table.ts';
import { Recycler } from '../../../../src/services/controller/recycler.ts';
import { PODS } from '../../../../src/services/kubernetes/members/pod.ts';
import { PodControl } from '../../../../src/services/kubernetes/pods/pod-control.ts';
import { PodRestarts } from '../../../../src/services/kubernetes/pods/pod-restarts.ts';
import { PodTable } from '../../../../src/services/kubernetes/pods/pod-table.ts';
import { PodWriter } from '../../../../src/services/kubernetes/pods/pod-writer.ts';
import { PodRecycling } from '../../../../src/services/kubernetes/pods/recycling.ts';
import { ResourceClient } from '../../../../src/services/kubernetes/resource/resource-client.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { exitCode, startPodServer, SUCCESS, type Ending } from './pod-server.ts';

const MARK = {
  id: 'a-12345678',
  state: 'ended',
  end: 'released',
  recycling: 'restart',
  handedOut: 2,
  launch: 'warm',
  ttlSeconds: 60,
  createdAt: '2026-01-01T00:00:00Z',
  boundAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-01T00:01:00Z',
  endedAt: '2026-01-01T00:00:00Z',
};
const runs = (name: string, containerID: string) => ({ name, containerID, restartCount: 5, state: {} });
const ready = (status: 'True' | 'False') => ({
  podIP: '10.0.0.1',
  conditions: [{ type: 'Ready', status, lastTransitionTime: '2026-01-01T00:00:00Z' }],
});
const podWith = (spec: object) => ({
  metadata: {
    name: 'a',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { 'sandbox.opensandbox.io/pool-name': 'pool' },
    annotations: { 'warmpool.dev/pool-uid': 'p', 'warmpool.dev/claim': JSON.stringify(MARK) },
  },
  spec: { nodeName: 'n', ...spec },
  status: { phase: 'Running', ...ready('True'), containerStatuses: [runs('main', 'c1'), runs('side', 'd1')] },
});

/** A server that recycles a pod whose claim has ended. */
const startRecycling = async (
  ending: (container: string | null) => Ending,
  { spec = {}, isLeader = false }: { spec?: object; isLeader?: boolean } = {},
) => {
  const server = await startPodServer(podWith(spec), ending);
  const { connection } = server;
  const clock = new FakeClock();
  const failures: string[] = [];
  const observer = {
    driverFailed: (_pool: string | undefined, error: unknown) => failures.push(String(error)),
  };
  const pods = new PodTable(clock);
  const members = new MemberTable();
  pods.subscribe({
    present: (_record, report) => {
      members.put(report);
    },
    gone: ({ name }) => {
      members.remove(name);
    },
  });
  members.open();
  const client = new ResourceClient(connection, PODS, 'n');
  const writer = new PodWriter(client, pods);
  const restarts = new PodRestarts({ connection, namespace: 'n', pods, writer, clock, observer });
  const control = new PodControl({ client, pods, restarts });
  const orders = new MemberOrders({ driver: control, members, clock });
  const journal = { done: (name: string) => recycling.done(name) };
  const recycler = new Recycler({ members, orders, driver: control, journal, clock, observer });
  const recycling: PodRecycling = new PodRecycling({
    pods,
    writer,
    recycler,
    isBlocked: () => false,
    isPoolGone: () => false,
    isLeader: () => isLeader,
    clock,
    observer,
  });
  onTestFinished(() => {
    recycling.close();
    recycler.close();
    pods.close();
  });
  pods.put(server.pod);
  return {
    server,
    control,
    failures,
    begin: () => {
      const pod = pods.get('a');
      if (pod !== undefined) recycling.begin(pod);
    },
    /** What the kubelet reports. */
    report: (status: 'True' | 'False', ...containerStatuses: object[]) => {
      pods.put(
        PODS.schema.parse(
          server.change(PODS.schema.shape.status.parse({ phase: 'Running', ...ready(status), containerStatuses })),
        ),
      );
    },
    pass: (seconds: number) => {
      clock.moveTo(clock.now() + seconds * 1_000);
    },
    phase: () => pods.get('a')?.phase,
    member: () => members.get('a'),
    mark: (): unknown => JSON.parse(server.pod.metadata.annotations['warmpool.dev/claim'] ?? 'null'),
    idle: () => server.pod.metadata.annotations['warmpool.dev/idle'],
  };
};

test('A pod is starting until all its containers have other ids and it is Ready, and then idle', async () => {
  const pod = await startRecycling(() => SUCCESS);
  pod.begin();
  await expect.poll(() => pod.server.commands.map(({ container }) => container).sort()).toEqual(['main', 'side']);
  expect(pod.mark()).toEqual({
    ...MARK,
    state: 'restarting',
    attempt: 1,
    restartedAt: '2026-01-01T00:00:00.000Z',
    containers: { main: 'c1', side: 'd1' },
  });
  expect(pod.phase()).toBe('starting');
  pod.report('True', runs('main', 'c2'), runs('side', 'd1'));
  expect(pod.phase()).toBe('starting');
  pod.report('False', runs('main', 'c2'), runs('side', 'd2'));
  expect(pod.phase()).toBe('starting');
  expect(pod.idle()).toBeUndefined();
  pod.report('True', runs('main', 'c2'), runs('side', 'd2'));
  await expect.poll(pod.idle).toBe('3');
  await expect.poll(pod.member).toMatchObject({ phase: 'ready', allocated: false, isRecycling: false });
  expect(pod.failures).toEqual([]);
});

test('A container that waits for the back-off of the kubelet has not failed', async () => {
  const pod = await startRecycling(() => SUCCESS);
  pod.begin();
  await expect.poll(() => pod.server.commands.length).toBe(2);
  const backOff = {
    name: 'main',
    containerID: 'c1',
    restartCount: 6,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
  };
  pod.report('False', backOff, runs('side', 'd2'));
  pod.pass(200);
  expect(pod.phase()).toBe('starting');
  pod.report('True', runs('main', 'c2'), runs('side', 'd2'));
  await expect.poll(pod.idle).toBe('3');
});

test('A container whose process 1 ignores the signal is asked three times, and then its pod is deleted', async () => {
  const pod = await startRecycling(() => SUCCESS);
  pod.begin();
  await expect.poll(() => pod.server.commands.length).toBe(2);
  pod.report('False', runs('main', 'c1'), runs('side', 'd2'));
  for (const commands of [3, 4]) {
    pod.pass(30);
    expect(pod.phase()).toBe('failed');
    pod.pass(30);
    await expect.poll(() => pod.server.commands.length).toBe(commands);
  }
  expect(pod.mark()).toMatchObject({ attempt: 3, containers: { main: 'c1', side: 'd1' } });
  pod.pass(60);
  await expect.poll(() => pod.server.deleted.length).toBe(1);
  expect(pod.server.commands.slice(2).map(({ container }) => container)).toEqual(['main', 'main']);
});

test('The leader continues the restart of a server that has crashed, and counts its attempts', async () => {
  const crashed = await startRecycling(() => SUCCESS);
  crashed.begin();
  await expect.poll(() => crashed.server.commands.length).toBe(2);
  const restarting = JSON.stringify({ ...(crashed.mark() as object), attempt: 2 });

  const pod = await startRecycling(() => SUCCESS, { isLeader: true });
  pod.server.pod.metadata.annotations['warmpool.dev/claim'] = restarting;
  pod.report('True', runs('main', 'c1'), runs('side', 'd1'));
  pod.pass(29);
  expect(pod.server.commands).toEqual([]);
  pod.pass(2);
  await expect.poll(() => pod.server.commands.length).toBe(2);
  expect(pod.mark()).toMatchObject({ state: 'restarting', attempt: 3 });
});

test('The leader puts a pod back whose restart is complete, and begins one that was only ordered', async () => {
  const pod = await startRecycling(() => SUCCESS, { isLeader: true });
  pod.pass(9);
  expect(pod.server.commands).toEqual([]);
  pod.pass(2);
  await expect.poll(() => pod.server.commands.length).toBe(2);
  pod.report('True', runs('main', 'c2'), runs('side', 'd2'));
  await expect.poll(pod.idle).toBe('3');
});

test.each([
  ['shares a process namespace', { shareProcessNamespace: true }],
  ['uses the process namespace of its node', { hostPID: true }],
  ['does not restart its containers', { restartPolicy: 'OnFailure' }],
])('A pod that %s is deleted instead', async (_how, spec) => {
  const pod = await startRecycling(() => SUCCESS, { spec });
  pod.begin();
  await expect.poll(() => pod.server.deleted.length).toBe(1);
  expect(pod.server.commands).toEqual([]);
  expect(pod.failures).toHaveLength(1);
});

test('A pod with an image without kill is deleted instead', async () => {
  const pod = await startRecycling((container) => (container === 'main' ? SUCCESS : exitCode(127)));
  pod.begin();
  await expect.poll(() => pod.server.deleted.length).toBe(1);
  expect(pod.failures).toEqual([expect.stringContaining('the image of container "side" has no executable "kill"')]);
});

test('Without the permission, pods are deleted instead, and the problem names it', async () => {
  const message = 'pods "a" is forbidden: User "warmpool" cannot create resource "pods/exec"';
  const pod = await startRecycling(() => ({ refusal: 403, message }));
  pod.begin();
  await expect.poll(() => pod.server.deleted.length).toBe(1);
  expect(pod.control.problems()).toEqual([
    'Pods are deleted instead of restarted. Grant create and get on pods/exec: User "warmpool" cannot create resource "pods/exec"',
  ]);
});

test('A command that fails is repeated after 30 s', async () => {
  const pod = await startRecycling(() => exitCode(1));
  pod.begin();
  await expect.poll(() => pod.failures).toHaveLength(1);
  expect(pod.failures[0]).toMatch(/"kill 1" in container "(main|side)" of pod "a" exited with code 1\./);
  await expect.poll(() => pod.server.commands.length).toBe(2);
  pod.pass(30);
  await expect.poll(() => pod.server.commands.length).toBe(4);
  expect(pod.server.deleted).toEqual([]);
});
