// The phase of a pod as a member, from what the kubelet reports.
import { expect, test } from 'vitest';
import { PODS } from '../../../../src/services/kubernetes/members/pod.ts';
import { recordOf } from '../../../../src/services/kubernetes/pods/pod-record.ts';
import { formatMark } from '../../../../src/services/kubernetes/pods/claim-mark.ts';

const CREATED = '2026-01-01T00:00:00Z';
const AT = Date.parse(CREATED);
const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: CREATED };
const ready = { type: 'Ready', status: 'True', lastTransitionTime: CREATED };
const notReady = { ...ready, status: 'False' };
const crashing = { name: 'main', restartCount: 5, state: { waiting: { reason: 'CrashLoopBackOff' } } };
const mark = formatMark({
  id: 'a-1-12345678',
  state: 'held',
  handedOut: 0,
  launch: 'warm',
  ttlSeconds: 60,
  createdAt: CREATED,
  boundAt: CREATED,
  expiresAt: '2026-01-01T01:00:00Z',
});

type PodOptions = { status?: object; annotations?: object; deletionTimestamp?: string };

const phaseAt = (seconds: number, { status = {}, annotations = { 'warmpool.dev/idle': '0' }, ...more }: PodOptions) => {
  const metadata = {
    name: 'a-1',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: CREATED,
    labels: { 'sandbox.opensandbox.io/pool-name': 'a' },
    annotations: { 'warmpool.dev/pool-uid': 'p', ...annotations },
    ...more,
  };
  const record = recordOf(PODS.schema.parse({ metadata, status }), AT + seconds * 1_000);
  return record && { phase: record.phase, isUnscheduled: record.isUnscheduled, nextMs: record.next?.atMs };
};

test('A pod that waits for a node is starting, and has no start deadline', () => {
  expect(phaseAt(1_000, { status: { phase: 'Pending' } })).toMatchObject({ phase: 'starting', isUnscheduled: true });
});

test('A pod is ready only with an address', () => {
  const status = { phase: 'Running', conditions: [scheduled, ready] };
  expect(phaseAt(5, { status })?.phase).toBe('starting');
  expect(phaseAt(5, { status: { ...status, podIP: '10.0.0.1' } })?.phase).toBe('ready');
});

test('An idle pod whose container crashes has failed after a minute, without another event', () => {
  const status = { phase: 'Running', conditions: [scheduled, notReady], containerStatuses: [crashing] };
  expect(phaseAt(59, { status })).toMatchObject({ phase: 'starting', nextMs: AT + 60_000 });
  expect(phaseAt(60, { status })?.phase).toBe('failed');
});

test('A held pod whose container crashes has not failed: its claim goes on', () => {
  const status = { phase: 'Running', conditions: [scheduled, notReady], containerStatuses: [crashing] };
  expect(phaseAt(600, { status, annotations: { 'warmpool.dev/claim': mark } })?.phase).toBe('starting');
});

test('A pod that ended has failed, and one that is being deleted is terminating', () => {
  expect(phaseAt(5, { status: { phase: 'Succeeded' } })?.phase).toBe('failed');
  expect(phaseAt(5, { status: { phase: 'Failed' }, deletionTimestamp: CREATED })?.phase).toBe('terminating');
});

test('A pod without the annotations of Warmpool is no member', () => {
  const metadata = { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: CREATED };
  expect(recordOf(PODS.schema.parse({ metadata }), AT)).toBeUndefined();
});
