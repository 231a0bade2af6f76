// Label selectors select the same pools as in the API server, and are refused where it refuses them.
import { ApiException } from '@kubernetes/client-node/dist/gen/apis/exception.js';
import fc from 'fast-check';
import { expect, inject, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { WarmpoolError } from '../../src/services/warmpool-error.ts';
import { poolNamed } from '../support/pools.ts';
import { BROKEN, LABELLED, SELECTORS } from '../support/selectors.ts';
import { ClusterAccess } from './kit/cluster-access.ts';
import { startServerOn } from './kit/server-on-cluster.ts';

const access = new ClusterAccess(inject('cluster'));
const PoolNames = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

const startBoth = async () => {
  const { call, namespace } = await startServerOn(access);
  for (const [name, labels] of Object.entries(LABELLED))
    await call('POST', '/pools', { json: poolNamed(name, { labels }) });
  const connection = access.connect();
  onTestFinished(() => connection.close());
  const path = `/apis/sandbox.opensandbox.io/v1alpha1/namespaces/${namespace}/pools`;

  /** Names of the selected pools, or `refused`. */
  const kubernetes = async (labelSelector: string): Promise<string> => {
    try {
      const list = { verb: 'list', path, query: { labelSelector } } as const;
      const { items } = PoolNames.parse(await connection.request(list, AbortSignal.timeout(5_000)));
      return items.map(({ metadata }) => metadata.name).join('');
    } catch (error) {
      const response = error instanceof WarmpoolError ? error.cause : undefined;
      if (response instanceof ApiException && response.code === 400) return 'refused';
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

test('Selectors of every form select what the API server selects', async () => {
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

/** Tokens that a parser could misread. */
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

test('Any sequence of tokens selects what the API server selects, or is refused by both', async () => {
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
