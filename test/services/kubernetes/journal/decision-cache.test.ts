// The cache of ConfigMaps with decisions, whatever order its events arrive in.
import { expect, test } from 'vitest';
import { DecisionCache } from '../../../../src/services/kubernetes/journal/decision-cache.ts';
import { decision } from './journals.ts';

const mapOf = (uid: string, resourceVersion: string, sentence: string) => ({
  metadata: { name: `warmpool-decisions-${uid}`, resourceVersion },
  data: { decisions: `${JSON.stringify({ ...decision(sentence), id: '1' })}\n` },
});

const sentences = (cache: DecisionCache, ...uids: string[]) => uids.map((uid) => cache.last(uid)?.sentence);

test('An older version of a ConfigMap never replaces a newer one, and a late event does not delete it', () => {
  const cache = new DecisionCache();
  cache.put(mapOf('a', '10', 'newer'));
  cache.put(mapOf('a', '9', 'older'));
  cache.delete(mapOf('a', '9', 'older'));
  expect(sentences(cache, 'a')).toEqual(['newer']);
  cache.delete(mapOf('a', '11', 'newer'));
  expect(sentences(cache, 'a')).toEqual([undefined]);
});

test('A list drops the ConfigMaps that it lacks, unless they are newer than the list', () => {
  const cache = new DecisionCache();
  for (const [uid, version] of [
    ['gone', '5'],
    ['kept', '5'],
    ['new', '12'],
  ] as const)
    cache.put(mapOf(uid, version, uid));
  cache.replace([mapOf('kept', '8', 'changed')], '10');
  expect(sentences(cache, 'gone', 'kept', 'new')).toEqual([undefined, 'changed', 'new']);
  cache.clear();
  expect(sentences(cache, 'kept', 'new')).toEqual([undefined, undefined]);
});
