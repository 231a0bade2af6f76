import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyChanges, changesBetween, overlap, rebase } from '../../../src/dashboard/yaml/changes.ts';

/** What reapplying `edited` to `stored` gives, both made from `base`, and the paths of which it says that both changed them. */
const reapply = (base: unknown, edited: unknown, stored: unknown) => {
  const theirs = changesBetween(base, stored);
  const mine = rebase(changesBetween(base, edited), theirs, edited);
  return { result: applyChanges(stored, mine), overlapping: overlap(mine, theirs).map(({ path }) => path.join('.')) };
};

const container = (name: string, image = `${name}:1`, args: readonly string[] = []) => ({ name, image, args });
const pod = (...containers: readonly object[]) => ({ spec: { containers } });

describe('Reapplying an edit', () => {
  test('An edit of a container and one of another are merged without an overlap', () => {
    const base = pod(container('a'), container('b'));
    expect(
      reapply(base, pod(container('a', 'a:2'), container('b')), pod(container('a'), container('b', 'b:3'))),
    ).toEqual({
      result: pod(container('a', 'a:2'), container('b', 'b:3')),
      overlapping: [],
    });
  });

  test('A sidecar that was inserted first does not get the image of another container: the list is replaced, and named', () => {
    const edited = pod(container('a', 'a:2'));
    expect(reapply(pod(container('a')), edited, pod(container('sidecar'), container('a')))).toEqual({
      result: edited,
      overlapping: ['spec.containers'],
    });
  });

  test('An edit of a container that was removed meanwhile brings the container back', () => {
    const edited = pod(container('a'), container('b', 'b:2'));
    expect(reapply(pod(container('a'), container('b')), edited, pod(container('a')))).toEqual({
      result: edited,
      overlapping: ['spec.containers'],
    });
  });

  test('A container that was replaced by another one at its place overlaps with an edit of it', () => {
    const edited = pod(container('a', 'a:1', ['--verbose']));
    expect(reapply(pod(container('a')), edited, pod(container('c', 'a:1')))).toEqual({
      result: edited,
      overlapping: ['spec.containers'],
    });
  });

  test('Arguments have no names, so both sides change them as a whole', () => {
    const base = pod(container('a', 'a:1', ['--port', '80']));
    const edited = pod(container('a', 'a:1', ['--port', '81']));
    expect(reapply(base, edited, pod(container('a', 'a:1', ['80', '--port'])))).toEqual({
      result: edited,
      overlapping: ['spec.containers.0.args'],
    });
  });

  test('Several edits in a list that was changed meanwhile are one overlap', () => {
    const edited = pod(container('a', 'a:2'), container('b', 'b:2'));
    expect(reapply(pod(container('a'), container('b')), edited, pod(container('b'))).overlapping).toEqual([
      'spec.containers',
    ]);
  });
});

const containers = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    image: fc.constantFrom('one', 'two', 'three'),
    args: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
  }),
  { selector: ({ name }) => name, maxLength: 3 },
);
const version = fc.record(
  { labels: fc.dictionary(fc.constantFrom('team', 'tier'), fc.constantFrom('1', '2')), containers },
  { requiredKeys: [] },
);

type Version = {
  readonly labels?: Readonly<Record<string, string>>;
  readonly containers?: readonly { readonly name: string; readonly image: string; readonly args: readonly string[] }[];
};

/** Every value by a path that does not depend on the order of the containers. */
const values = ({ labels = {}, containers: items = [] }: Version): ReadonlyMap<string, unknown> =>
  new Map<string, unknown>([
    ...Object.entries(labels).map(([key, value]) => [`labels ${key}`, value] as const),
    ...items.flatMap(({ name, image, args }) => [
      [`${name} image`, image] as const,
      [`${name} args`, args.join(' ')] as const,
    ]),
  ]);

describe('Any three versions', () => {
  test('The changes between two versions lead from one to the other', () => {
    fc.assert(
      fc.property(version, version, (before, after) => {
        expect(applyChanges(before, changesBetween(before, after))).toEqual(after);
      }),
    );
  });

  test('After reapplying, every value that this side changed is the one of this side, under the same name', () => {
    fc.assert(
      fc.property(version, version, version, (base, edited, stored) => {
        const { result } = reapply(base, edited, stored);
        const [before, mine, after] = [values(base), values(edited), values(result as Version)];
        for (const key of new Set([...before.keys(), ...mine.keys()]))
          if (before.get(key) !== mine.get(key)) expect(after.get(key), key).toBe(mine.get(key));
      }),
      { numRuns: 500 },
    );
  });

  test('After reapplying without an overlap, every value that the other side changed is the one of the other side', () => {
    fc.assert(
      fc.property(version, version, version, (base, edited, stored) => {
        const { result, overlapping } = reapply(base, edited, stored);
        if (overlapping.length > 0) return;
        const [before, theirs, after] = [values(base), values(stored), values(result as Version)];
        for (const key of new Set([...before.keys(), ...theirs.keys()]))
          if (before.get(key) !== theirs.get(key)) expect(after.get(key), key).toBe(theirs.get(key));
      }),
      { numRuns: 500 },
    );
  });
});
