// Label selectors: the same answer as the API server gives, for what it selects and for what it refuses.
import { ApiException, CustomObjectsApi } from '@kubernetes/client-node';
import fc from 'fast-check';
import { expect, inject, onTestFinished, test } from 'vitest';
import { ClusterConnection } from '../../src/services/kubernetes/connection/cluster-connection.ts';
import { findCluster } from '../../src/services/kubernetes/connection/kube-config.ts';
import { WarmpoolError } from '../../src/services/warmpool-error.ts';
import { poolNamed } from '../support/pools.ts';
import { BROKEN, LABELLED, SELECTORS } from '../support/selectors.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));

const startBoth = async () => {
  const { call, namespace } = await startServerOn(access);
  for (const [name, labels] of Object.entries(LABELLED))
    await call('POST', '/pools', { json: poolNamed(name, { labels }) });
  const connection = new ClusterConnection(findCluster({ kubeconfigPaths: [access.kubeconfig('admin')] }).kubeConfig);
  onTestFinished(() => connection.close());
  const api = connection.client(CustomObjectsApi);
  const place = { group: 'sandbox.opensandbox.io', version: 'v1alpha1', plural: 'pools', namespace };

  /** Names of the pools that are selected, or `refused`. */
  const kubernetes = async (labelSelector: string): Promise<string> => {
    try {
      const { items } = (await connection.call('list', AbortSignal.timeout(5_000), (options) =>
        api.listNamespacedCustomObject({ ...place, labelSelector }, options),
      )) as { items: { metadata: { name: string } }[] };
      return items.map(({ metadata }) => metadata.name).join('');
    } catch (error) {
      const answer = error instanceof WarmpoolError ? error.cause : undefined;
      if (answer instanceof ApiException && answer.code === 400) return 'refused';
      throw error;
    }
  };
  const warmpool = async (labelSelector: string): Promise<string> => {
    const { status, body } = await call('GET', `/pools?${new URLSearchParams({ labelSelector }).toString()}`);
    if (status === 422) return 'refused';
    return (body as { items: { name: string }[] }).items.map(({ name }) => name).join('');
  };
  return { kubernetes, warmpool };
};

test('every form, with odd white space, empty values and odd names; and what is no selector', async () => {
  const { kubernetes, warmpool } = await startBoth();
  const refused = BROKEN.map((broken) => [broken, 'refused'] as const);
  for (const [selector, names] of [...SELECTORS, ...refused]) {
    expect([selector, await kubernetes(selector)]).toEqual([selector, names]);
    expect([selector, await warmpool(selector)]).toEqual([selector, names]);
  }
});

const WORDS = ['team', 'tier', 'size', 'in', 'notin', 'ads', 'search', '7', '10', 'a-', 'example.com/team', '?'];
const SIGNS = ['=', '==', '!=', '!', '>', '<', ',', '(', ')', ' in (', ' notin (', ' ', '\t', ''];
const KEYS = ['team', 'tier', 'size', 'in', 'x'];
const VALUES = ['ads', 'search', 'gold', 'notin', '7', '9', '10', ''];

/** Anything that a parser could stumble over. */
const noise = fc
  .array(fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom(...SIGNS)), { maxLength: 8 })
  .map((tokens) => tokens.join(''));

/** Requirements of every form. */
const requirement = fc.oneof(
  fc.tuple(fc.constantFrom('', '!'), fc.constantFrom(...KEYS)).map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom(...KEYS), fc.constantFrom('=', '!=', '==', '>', '<'), fc.constantFrom(...VALUES))
    .map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom(...KEYS), fc.constantFrom('in', 'notin'), fc.array(fc.constantFrom(...VALUES)))
    .map(([key, operator, values]) => `${key} ${operator} (${values.join(',')})`),
);
const selector = fc.array(requirement, { minLength: 1, maxLength: 3 }).map((each) => each.join(','));

test('whatever is made of words and signs', async () => {
  const { kubernetes, warmpool } = await startBoth();
  const answers = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.oneof(noise, selector, selector), async (text) => {
      const expected = await kubernetes(text);
      answers.add(expected);
      expect(await warmpool(text)).toBe(expected);
    }),
    { numRuns: 200 },
  );
  expect(answers.size, 'many different answers were compared').toBeGreaterThan(8);
});
