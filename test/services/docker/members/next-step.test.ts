// The steps of a member, decided from what exists.
import { describe, expect, test } from 'vitest';
import { HostPorts } from '../../../../src/services/docker/members/host-ports.ts';
import type { MemberContainer } from '../../../../src/services/docker/members/member-containers.ts';
import type { MemberRecord } from '../../../../src/services/docker/members/member-record.ts';
import { newRecord } from '../../../../src/services/docker/members/new-record.ts';
import { nextStep } from '../../../../src/services/docker/members/next-step.ts';
import type { Observed } from '../../../../src/services/docker/members/step.ts';
import { toMemberPlan } from '../../../../src/services/docker/template/member-plan.ts';

const NOW_MS = 1_000_000;

const image = 'busybox:1';
const template = {
  spec: {
    containers: [
      { name: 'main', image },
      { name: 'helper', image },
    ],
  },
};
const plan = toMemberPlan(template);
const order = { name: 'a-1', poolUid: 'u', poolName: 'a', revision: 'r', template };
const placement = { instance: 'i', network: 'bridge' };
const launched = newRecord({ order, plan, placement, hostPorts: new HostPorts(), nowMs: 0 });

const container = (name: string, more: Partial<MemberContainer> = {}): MemberContainer => ({
  id: `id-of-${name}`,
  name,
  launch: 1,
  state: 'running',
  exitCode: 0,
  isOutOfMemory: false,
  startedAtMs: 1_000,
  finishedAtMs: 0,
  address: '172.17.0.2',
  ...more,
});

const exited = (more: Partial<MemberContainer> = {}) =>
  container('main', { state: 'exited', exitCode: 1, finishedAtMs: NOW_MS, startedAtMs: NOW_MS - 1_000, ...more });

const decide = (containers: MemberContainer[], record: Partial<MemberRecord> = {}, more: Partial<Observed> = {}) =>
  nextStep({
    record: { ...launched, stage: 'running', ...record },
    plan,
    containers,
    stoppedByOthers: new Set(),
    restartsOf: () => 0,
    nowMs: NOW_MS,
    ...more,
  });

describe('The next step of a member', () => {
  test('A launch creates and starts one container after the other', () => {
    const stage = 'launching' as const;
    expect(decide([], { stage })).toMatchObject({ type: 'create', spec: { role: 'main' } });
    expect(decide([container('main', { state: 'created' })], { stage })).toMatchObject({ type: 'start' });
    expect(decide([container('main')], { stage })).toMatchObject({
      type: 'create',
      spec: { role: 'joined' },
      mainId: 'id-of-main',
    });
    expect(decide([container('main'), container('helper')], { stage }).type).toBe('up');
  });

  test('Containers of an earlier launch are removed first', () => {
    const old = container('helper');
    expect(decide([old], { launch: 2, stage: 'launching' })).toEqual({ type: 'remove', containers: [old] });
  });

  test('Without its main container a member is gone; without another one it has failed', () => {
    expect(decide([container('helper')])).toEqual({ type: 'gone' });
    expect(decide([container('main')])).toEqual({ type: 'fail', message: 'Container "helper" was removed.' });
  });

  test('A container in the network of an earlier run of the main container is restarted', () => {
    expect(decide([container('main', { startedAtMs: 2_000 }), container('helper')]).type).toBe('rejoin');
  });

  test.each([
    [0, 0],
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [20, 300_000],
  ])('After %i restarts in a row, the next one waits for %i ms', (restarts, waitMs) => {
    const step = decide([exited(), container('helper')], { hasBeenReady: true }, { restartsOf: () => restarts });
    if (waitMs === 0) expect(step).toMatchObject({ type: 'start', isRestart: true });
    else expect(step).toMatchObject({ type: 'wait', untilMs: NOW_MS + waitMs });
  });

  test('A container that ran for ten minutes is restarted at once', () => {
    const step = decide(
      [exited({ startedAtMs: NOW_MS - 600_000 }), container('helper')],
      { hasBeenReady: true },
      { restartsOf: () => 9 },
    );
    expect(step.type).toBe('start');
  });

  test('Three restarts fail a member that was ready for less than ten seconds, but not one that was ready for longer', () => {
    const containers = [exited(), container('helper')];
    const readyFor = (ms: number) => ({ launchRestarts: 3, isReady: true, readyAtMs: NOW_MS - ms });
    expect(decide(containers, readyFor(9_000)).type).toBe('fail');
    expect(decide(containers, readyFor(10_000)).type).toBe('start');
    expect(decide(containers, { launchRestarts: 3, hasBeenReady: true }).type).toBe('start');
  });

  test('A container that another client stopped is not restarted', () => {
    const stoppedByOthers = new Set(['id-of-main']);
    expect(decide([exited(), container('helper')], {}, { stoppedByOthers }).type).toBe('fail');
  });
});
