// Claims on pods against a real API server: the contract of every store.
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';
import { openManagedRuntime } from '../../../src/services/kubernetes/managed-runtime.ts';
import { describeClaimStore } from '../../services/claims/claim-store.contract.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentObserver } from '../../support/silent-observer.ts';
import { ClusterAccess } from '../kit/cluster-access.ts';

const access = new ClusterAccess(inject('cluster'));

const DENIED = 'warmpool-test/denied';
const POLICY = 'deny-writes-of-pods';
const TICK_MS = 20;
const STEP_MS = 500;

/** Refuses every change to the pods of namespaces with a label. */
beforeAll(async () => {
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['pods'] };
  await access.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: POLICY },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: [rule], namespaceSelector: { matchLabels: { [DENIED]: 'true' } } },
      validations: [{ expression: 'false', message: 'Nothing can be written.' }],
    },
  });
  await access.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: POLICY },
    spec: { policyName: POLICY, validationActions: ['Deny'] },
  });
});
afterAll(async () => {
  await access.kubectl('delete', 'validatingadmissionpolicybinding,validatingadmissionpolicy', POLICY);
});

describeClaimStore(async () => {
  const namespace = await access.createNamespace('warmpool');
  const clock = new FakeClock(Date.now());
  const kubeconfigPaths = [access.kubeconfig('warmpool', { namespace })];
  const runtime = openManagedRuntime({ kubeconfigPaths, clock, observer: silentObserver });
  const { store, members, planner } = runtime.ports;
  onTestFinished(() => runtime.close());
  await store.waitForSync();

  /** Whether every pool has its size, and nothing is on its way. */
  const isSettled = async (): Promise<boolean> => {
    for (const pool of await store.list()) {
      if (pool.status?.observedGeneration !== pool.generation) return false;
      const { create, remove } = await planner.plan({ before: pool, after: pool });
      const list = await members.list(pool);
      const isMoving = list.some(({ phase, allocated }) => phase !== 'ready' && !allocated);
      if (create > 0 || remove.length > 0 || isMoving) return false;
    }
    return true;
  };

  /** A second or more: also until everything is settled. In steps that leave time for calls: a leader that does not renew its Lease in time would be deposed. */
  const advance = async (ms: number): Promise<void> => {
    const endMs = clock.now() + ms;
    while (clock.now() < endMs || (ms >= 1_000 && !(await isSettled()))) {
      clock.moveTo(clock.now() + Math.min(STEP_MS, Math.max(TICK_MS, endMs - clock.now())));
      await setTimeout(TICK_MS);
    }
  };

  const setDenied = async (isDenied: boolean): Promise<void> => {
    await access.kubectl('label', 'namespace', namespace, `${DENIED}=${String(isDenied)}`, '--overwrite');
    const probe = ['annotate', 'pods', '--all', '-n', namespace, 'probe=1', '--overwrite', '--dry-run=server'];
    const isRefused = () =>
      access.kubectl(...probe).then(
        () => false,
        () => true,
      );
    while ((await isRefused()) !== isDenied) await setTimeout(TICK_MS);
  };

  return {
    ...runtime.ports,
    now: () => clock.now(),
    advance,
    failWrites: async () => {
      await setDenied(true);
      return () => setDenied(false);
    },
  };
});
