// What the CRD of pools keeps and shows, and what `warmpool crd` reports about another one. On a cluster of its own.
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PoolCrd } from '../../src/services/kubernetes/crd/pool-crd.ts';
import { runWarmpool } from '../server/cli/run-warmpool.ts';
import { makeHome } from '../server/config/temporary-home.ts';
import { capacity } from '../support/pools.ts';
import { TestCluster } from './kit/test-cluster.ts';

const NAME = 'pools.sandbox.opensandbox.io';

type Schema = { properties: Record<string, Schema> };
type Crd = { metadata: { labels?: object }; spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } };

const shipped = () => load(readFileSync(new URL('../../deploy/crds/pools.yaml', import.meta.url), 'utf8')) as Crd;

/** As OpenSandbox's chart installs it: neither conditions nor Warmpool's label. */
const ofOpenSandbox = (): Crd => {
  const crd = shipped();
  crd.metadata.labels = {};
  for (const { schema } of crd.spec.versions) {
    const { status } = schema.openAPIV3Schema.properties;
    if (status === undefined) throw new Error('The CRD has no status.');
    const { conditions: _, resetting: __, ...known } = status.properties;
    status.properties = known;
  }
  return crd;
};

const READY = { type: 'Ready', status: 'True', reason: 'BufferMet', message: '3 members are available.' };
const PROGRESSING = { ...READY, type: 'Progressing', reason: 'Settled', lastTransitionTime: '2026-11-26T10:00:00Z' };
const COUNTS = { total: 4, allocated: 1, available: 3, revision: 'r', updated: 4, observedGeneration: 1 };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start();
});
afterAll(() => cluster.stop());

/** Replaces the CRD, and waits until the API server serves it. */
const install = async (crd: Crd) => {
  await cluster.access.kubectl('delete', 'crd', NAME, '--ignore-not-found');
  await cluster.access.kubectl('create', '-f', cluster.access.file(crd));
  await cluster.access.kubectl('wait', '--for=condition=Established', `crd/${NAME}`);
  await expect.poll(createPool, { timeout: 15_000 }).toBe('created');
};

const createPool = (): Promise<string> => {
  const kind = { apiVersion: 'sandbox.opensandbox.io/v1alpha1', kind: 'Pool', metadata: { name: 'agents' } };
  return cluster.access.apply({ ...kind, spec: { capacitySpec: capacity(1, 2) } }).then(
    () => 'created',
    () => 'refused',
  );
};

const storedStatus = async () => {
  const conditions = [READY, PROGRESSING];
  await cluster.access.patchStatus('default', 'pool', 'agents', { ...COUNTS, conditions });
  const pool = JSON.parse(await cluster.access.kubectl('get', 'pool', 'agents', '-o', 'json')) as { status: object };
  return pool.status;
};

const check = async (controller: string) => {
  const env = { KUBECONFIG: cluster.access.kubeconfig('admin') };
  const { code, stdout } = await runWarmpool(makeHome(), ['crd', 'check', '--controller', controller], env);
  return { code, stdout };
};

describe('The CRD that Warmpool ships', () => {
  beforeEach(() => install(shipped()));

  test('The shipped CRD keeps every field of a status, with conditions that lack a lastTransitionTime', async () => {
    expect(await storedStatus()).toEqual({ ...COUNTS, conditions: [READY, PROGRESSING] });
  });

  test('kubectl get pools shows whether a pool is ready, and why', async () => {
    await storedStatus();
    const [head, row] = (await cluster.access.kubectl('get', 'pools')).trim().split('\n');
    expect(head?.split(/ +/)).toEqual(['NAME', 'READY', 'REASON', 'TOTAL', 'ALLOCATED', 'AVAILABLE', 'AGE']);
    expect(row).toMatch(/^agents +True +BufferMet +4 +1 +3 +\d+s$/);
  });

  test.each(['opensandbox', 'warmpool'])('crd check --controller %s finds the shipped CRD up to date', async (name) => {
    expect(await check(name)).toEqual({ code: 0, stdout: `${NAME} is installed and up to date.\n` });
  });
});

describe('The CRD of OpenSandbox', () => {
  beforeEach(() => install(ofOpenSandbox()));

  test('The CRD of OpenSandbox drops conditions and keeps the other fields of a status', async () => {
    expect(await storedStatus()).toEqual(COUNTS);
  });

  test('Under controller opensandbox, crd check lists the missing conditions as a difference that does not matter', async () => {
    const { code, stdout } = await check('opensandbox');
    expect(code).toBe(0);
    expect(stdout).toMatch(/that do not matter for controller opensandbox:\n(  - .*\n)*  - .*\.conditions is missing/);
    expect(stdout).not.toContain('that matter for');
  });

  test('Under controller warmpool, crd check reports what the missing conditions cause, with exit code 1', async () => {
    const { code, stdout } = await check('warmpool');
    expect(code).toBe(1);
    expect(stdout).toContain('each server computes them from its own cache, and kubectl does not show them.');
    expect(stdout).toMatch(/that matter for controller warmpool:\n(  - .*\n)*  - .*\.conditions is missing/);
  });

  test('A CRD without conditions that Warmpool has installed is updated by crd install', async () => {
    await cluster.access.kubectl('label', 'crd', NAME, 'app.kubernetes.io/managed-by=warmpool');
    const options = { kubeconfigPaths: [cluster.access.kubeconfig('admin')], controller: 'opensandbox' } as const;
    const crd = new PoolCrd(options);
    try {
      expect((await crd.install()).sentence).toContain('is now up to date');
      expect(await crd.check()).toMatchObject({ differences: [], harmless: [] });
    } finally {
      await crd.close();
    }
  });
});
