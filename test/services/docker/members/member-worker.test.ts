// What a member does while the daemon, or the database, fails for a while.
import { describe, expect, onTestFinished, test } from 'vitest';
import { Semaphore } from '../../../../src/lib/semaphore.ts';
import { HostPorts } from '../../../../src/services/docker/members/host-ports.ts';
import { LABELS } from '../../../../src/services/docker/members/labels.ts';
import type { MemberRecord } from '../../../../src/services/docker/members/member-record.ts';
import { MemberWorker } from '../../../../src/services/docker/members/member-worker.ts';
import { newRecord } from '../../../../src/services/docker/members/new-record.ts';
import { ProbeRunner } from '../../../../src/services/docker/probes/probe-runner.ts';
import { toMemberPlan } from '../../../../src/services/docker/template/member-plan.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { silentObserver } from '../../../support/silent-observer.ts';
import { scriptedDaemon } from '../kit/scripted-daemon.ts';

const placement = { instance: 'i', network: 'bridge' };

/** A running member. `failNextWrite` makes the next write of its record fail. */
const runningMember = async (changes: Partial<MemberRecord> = {}, container: object = {}) => {
  const template = { spec: { containers: [{ name: 'main', image: 'busybox:1', ...container }] } };
  const order = { name: 'a-1', poolUid: 'u', poolName: 'a', revision: 'r', template };
  const clock = new FakeClock();
  const hostPorts = new HostPorts();
  const launched = newRecord({ order, plan: toMemberPlan(template), placement, hostPorts, nowMs: clock.now() });
  const record: MemberRecord = { ...launched, stage: 'running', ...changes };
  const { daemon, docker } = await scriptedDaemon(record, placement.instance);
  const database = { failures: 0 };
  const worker = new MemberWorker(record, {
    docker,
    longCalls: docker,
    placement,
    planOf: toMemberPlan,
    hostPorts,
    probes: new ProbeRunner({ docker, clock }),
    reads: new Semaphore(1),
    writes: new Semaphore(1),
    clock,
    observer: silentObserver,
    closing: new AbortController().signal,
    store: () => {
      if (database.failures === 0) return;
      database.failures--;
      throw new Error('the disk is full');
    },
  });
  onTestFinished(() => {
    worker.close();
  });
  /** Moves to the next timer once it is set. */
  const retry = async () => {
    await expect.poll(() => clock.nextAtMs).toBeDefined();
    clock.moveTo(clock.nextAtMs ?? 0);
  };
  return { worker, daemon, database, retry, clock };
};

const destroyed = {
  action: 'destroy',
  containerId: 'c1',
  attributes: { [LABELS.role]: 'main', [LABELS.launch]: '1', [LABELS.member]: 'a-1' },
} as const;

describe('While the database cannot be written', () => {
  test('The result of a probe is stored when a later write succeeds', async () => {
    const readinessProbe = { tcpSocket: { port: 1 }, failureThreshold: 1 };
    const { worker, database, retry } = await runningMember(
      { isReady: true, readyAtMs: 0, address: '127.0.0.1' },
      { readinessProbe },
    );
    database.failures = 1;
    worker.poke();
    await expect.poll(() => database.failures).toBe(0);
    expect(worker.record.isReady).toBe(true);
    await expect.poll(async () => (await retry(), worker.record.isReady)).toBe(false);
  });

  test('The removal of a member by another client is stored when a later write succeeds', async () => {
    const { worker, database, retry } = await runningMember();
    database.failures = 1;
    worker.observe(destroyed);
    await worker.settled();
    expect(worker.record.stage).toBe('running');
    await retry();
    await expect.poll(() => worker.record.stage).toBe('stopping');
  });

  test('The stop of a member by another client is stored when a later write succeeds', async () => {
    const { worker, database, retry } = await runningMember();
    database.failures = 1;
    const attributes = { ...destroyed.attributes, [LABELS.name]: 'main' };
    worker.observe({ action: 'kill', containerId: 'c1', attributes: { ...attributes, signal: '15' } });
    worker.observe({ action: 'die', containerId: 'c1', attributes });
    await worker.settled();
    expect(worker.record.stage).toBe('running');
    await retry();
    await expect.poll(() => worker.record.stage).toBe('failed');
  });
});

describe('When the daemon responds with an error', () => {
  test.each(['/containers/json', '/containers/c1/json'])(
    'A member does not fail because of status 500 for %s: it is read again',
    async (failing) => {
      const { worker, daemon, retry } = await runningMember();
      daemon.fault = (_, path) => (path === failing ? { status: 500, message: 'database is locked' } : undefined);
      worker.poke();
      await worker.settled();
      expect(worker.record).toMatchObject({ stage: 'running', isReady: false });
      daemon.fault = () => undefined;
      await retry();
      await expect.poll(() => worker.record.isReady).toBe(true);
    },
  );

  test('A restart that fails with a passing error is tried again and counts once', async () => {
    const { worker, daemon, retry } = await runningMember();
    daemon.state = 'exited';
    daemon.fault = (_, path) => (path.endsWith('/start') ? { status: 503, message: 'try again' } : undefined);
    worker.poke();
    await worker.settled();
    expect(worker.record).toMatchObject({ stage: 'running', restarts: 0 });
    daemon.fault = () => undefined;
    await retry();
    await expect.poll(() => worker.record).toMatchObject({ restarts: 1, isReady: true });
  });

  test.each([
    { status: 404, message: 'No such image: busybox:1' },
    { status: 500, message: 'OCI runtime create failed: no such file' },
    { status: 500, message: 'task c1: already exists' },
  ])('A member fails when its container cannot be started: $status $message', async (fault) => {
    const { worker, daemon } = await runningMember();
    daemon.state = 'exited';
    daemon.fault = (_, path) => (path.endsWith('/start') ? fault : undefined);
    worker.poke();
    await expect.poll(() => worker.record).toMatchObject({ stage: 'failed', message: `${fault.message}.` });
  });

  test.each(['task c1: already exists', 'id already in use'])(
    'A container that the daemon was starting when it crashed, and cannot start any more, is created again: %s',
    async (message) => {
      const { worker, daemon } = await runningMember({ stage: 'launching' });
      daemon.state = 'created';
      const isNew = () => daemon.calls.includes('POST /containers/create');
      daemon.fault = (_, path) => (path.endsWith('/start') && !isNew() ? { status: 500, message } : undefined);
      worker.poke();
      await expect.poll(() => worker.record).toMatchObject({ stage: 'running', isReady: true, restarts: 0 });
    },
  );
});
