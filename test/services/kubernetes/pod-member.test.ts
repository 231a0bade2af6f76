// Pods as members: phases, and why one is not ready.
import { describe, expect, test } from 'vitest';
import { memberFromPod } from '../../../src/services/kubernetes/members/pod-member.ts';
import { PODS } from '../../../src/services/kubernetes/members/pod.ts';
import type { Pool } from '../../../src/services/pools/pool.ts';

const metadata = { name: 'a-1', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
const memberOf = (status: object) =>
  memberFromPod(PODS.schema.parse({ metadata, status }), { name: 'a' } as Pool, new Set());
const waiting = (name: string, reason: string, message?: string, restartCount = 0) => ({
  name,
  restartCount,
  state: { waiting: { reason, message } },
});
const succeeded = (name: string) => ({
  name,
  restartCount: 1,
  state: { terminated: { exitCode: 0, reason: 'Completed' } },
});

describe('A pod whose init container does not finish', () => {
  test.each([
    ['cannot be pulled', waiting('daemon', 'ErrImagePull', 'no such image'), 'ErrImagePull: no such image'],
    ['crashes', waiting('daemon', 'CrashLoopBackOff', 'back-off 40s', 3), 'CrashLoopBackOff: back-off 40s'],
    [
      'has failed',
      { name: 'daemon', restartCount: 3, state: { terminated: { exitCode: 1, reason: 'Error' } } },
      'Error',
    ],
  ])(
    'A pod whose init container %s has the name and reason of that container as its message',
    (_why, container, reason) => {
      const initContainerStatuses = [succeeded('first'), container, waiting('last', 'PodInitializing')];
      const containerStatuses = [waiting('sandbox', 'PodInitializing')];
      expect(memberOf({ phase: 'Pending', initContainerStatuses, containerStatuses })).toMatchObject({
        phase: 'starting',
        message: `init container "daemon": ${reason}`,
      });
    },
  );

  test('The restarts of a member include those of its init containers', () => {
    const initContainerStatuses = [succeeded('first'), waiting('daemon', 'CrashLoopBackOff', '', 3)];
    const containerStatuses = [waiting('sandbox', 'PodInitializing', '', 2)];
    expect(memberOf({ initContainerStatuses, containerStatuses }).restarts).toBe(6);
  });
});

test('While init containers run, the message of a member is that of its other containers', () => {
  const initContainerStatuses = [{ name: 'first', state: { running: {} } }, waiting('last', 'PodInitializing')];
  const containerStatuses = [waiting('sandbox', 'PodInitializing')];
  expect(memberOf({ initContainerStatuses, containerStatuses }).message).toBe('PodInitializing');
});

test('A pod that the API server has just stored is starting, without a message', () => {
  expect(memberOf({})).toEqual({
    name: 'a-1',
    pool: 'a',
    phase: 'starting',
    allocated: false,
    revision: '',
    stale: false,
    createdAt: '2026-01-01T00:00:00.000Z',
    restarts: 0,
  });
});

test('A ready pod has no message, and is ready since its last transition', () => {
  const conditions = [
    { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:01:00Z' },
    { type: 'Other', status: 'False', message: 'odd' },
  ];
  const member = memberOf({ phase: 'Running', conditions });
  expect(member).toMatchObject({ phase: 'ready', readyAt: '2026-01-01T00:01:00.000Z' });
  expect(member).not.toHaveProperty('message');
});
