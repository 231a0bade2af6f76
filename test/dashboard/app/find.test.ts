import fc from 'fast-check';
import { expect, test } from 'vitest';
import { find } from '../../../src/dashboard/app/palette/find.ts';

const NAMES = ['web-agents', 'agents', 'Agents-ci', 'browsers'];

const found = (query: string, limit = 10) => find(NAMES, (name) => name, query, limit);

test('Names that begin with the query are found first, then those that contain it, each in the given order', () => {
  expect(found('agents').map(({ item }) => item)).toEqual(['agents', 'Agents-ci', 'web-agents']);
});

test('Case does not matter, and the match is shown as it is written', () => {
  expect(found('AGENTS-C').map(({ match }) => match)).toEqual([{ before: '', hit: 'Agents-c', after: 'i' }]);
});

test('An empty query finds everything in the given order', () => {
  expect(found('').map(({ item }) => item)).toEqual(NAMES);
});

test('The limit keeps the best', () => {
  expect(found('agents', 1).map(({ item }) => item)).toEqual(['agents']);
});

test('What is not in any name finds nothing', () => {
  expect(found('x y')).toEqual([]);
});

test('The parts of a match are the whole text', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.string({ maxLength: 2 }), (texts, query) => {
      for (const { item, match } of find(texts, (text) => text, query, 100)) {
        expect(match.before + match.hit + match.after).toBe(item);
        expect(match.hit.toLowerCase()).toBe(query.toLowerCase());
      }
    }),
  );
});
