// Traces of another controller on pools that Warmpool manages.
import { describe, expect, test } from 'vitest';
import { openContests } from '../../../../src/services/kubernetes/contest/open-contests.ts';
import { readPool } from '../../../../src/services/kubernetes/resource/read-pool.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { podOf, poolResource, type PoolTraits } from './objects.ts';

const MINUTE = 60_000;

const open = () => {
  const clock = new FakeClock();
  const changes: string[] = [];
  const known = new Map<string, string>();
  const contests = openContests({
    uidOfMember: (name) => known.get(name),
    clock,
    onChange: (uid) => changes.push(uid),
  });
  const advance = (ms: number) => {
    clock.moveTo(clock.now() + ms);
  };
  const pool = (traits: PoolTraits = {}) => poolResource({ atMs: clock.now(), ...traits });
  const problems = () => contests.problemsOf(readPool(pool(), clock.now()), 'ns').map(({ reason }) => reason);
  return { clock, contests, changes, known, advance, pool, problems, isContested: () => contests.isContested('u') };
};

describe('A pool that Warmpool created', () => {
  test('A pod without our annotations makes it contested at once, even in the second of its creation', () => {
    const { contests, pool, clock, isContested, problems, changes } = open();
    contests.pools.put(pool());
    expect(isContested()).toBe(false);
    changes.length = 0;
    contests.pods.put(podOf('x', clock.now()));
    expect(isContested()).toBe(true);
    expect(changes).toContain('u');
    expect(problems()).toEqual(['ForeignController', 'ForeignPods']);
  });

  test('A pod that arrives before its pool makes the pool contested', () => {
    const { contests, pool, clock, isContested } = open();
    contests.pods.put(podOf('x', clock.now()));
    contests.pools.put(pool());
    expect(isContested()).toBe(true);
  });

  test('It is contested until 5 minutes after the last trace', () => {
    const { contests, pool, clock, isContested, advance, changes } = open();
    contests.pools.put(pool());
    contests.pods.put(podOf('x', clock.now()));
    advance(4 * MINUTE);
    contests.pods.put(podOf('y', clock.now()));
    advance(5 * MINUTE - 1);
    expect(isContested()).toBe(true);
    changes.length = 0;
    advance(1);
    expect(isContested()).toBe(false);
    expect(changes).toEqual(['u']);
  });

  test('Changes of a foreign pod are not traces', () => {
    const { contests, pool, clock, isContested, advance } = open();
    contests.pools.put(pool());
    const createdMs = clock.now();
    contests.pods.put(podOf('x', createdMs));
    advance(4 * MINUTE);
    contests.pods.put(podOf('x', createdMs));
    advance(1 * MINUTE);
    expect(isContested()).toBe(false);
  });

  test('A member that loses its annotations is not a trace', () => {
    const { contests, pool, clock, known, isContested, problems } = open();
    contests.pools.put(pool());
    known.set('x', 'uid-x');
    contests.pods.put(podOf('x', clock.now()));
    expect(isContested()).toBe(false);
    expect(problems()).toEqual(['ForeignPods']);
  });

  test('Pods of another pool of the same name are not traces', () => {
    const { contests, pool, clock, isContested } = open();
    contests.pools.put(pool());
    contests.pods.put(podOf('x', clock.now(), { owner: 'former' }));
    expect(isContested()).toBe(false);
  });

  test('A refusal says when to try again', () => {
    const { contests, pool, clock, advance } = open();
    contests.pools.put(pool());
    contests.pods.put(podOf('x', clock.now()));
    advance(100_000);
    expect(contests.refusalOf(readPool(pool(), clock.now()))).toMatchObject({
      code: 'POOL::CONTESTED',
      retryAfterSeconds: 200,
    });
  });
});

describe('A list of pods', () => {
  test('A foreign pod that is in a list counts from its creation', () => {
    const { contests, pool, clock, isContested, advance } = open();
    advance(10 * MINUTE);
    contests.pools.put(pool());
    contests.pods.replace([podOf('x', clock.now() - 4 * MINUTE), podOf('y', clock.now() - 6 * MINUTE)]);
    expect(isContested()).toBe(true);
    advance(1 * MINUTE);
    expect(isContested()).toBe(false);
  });

  test('Pods that a list lacks are forgotten', () => {
    const { contests, pool, clock, problems, advance } = open();
    contests.pools.put(pool());
    contests.pods.put(podOf('x', clock.now()));
    advance(5 * MINUTE);
    expect(problems()).toEqual(['ForeignPods']);
    contests.pods.replace([]);
    expect(problems()).toEqual([]);
  });
});

describe('A pool that was handed over', () => {
  const handedOver = () => {
    const opened = open();
    const { contests, pool, clock, advance } = opened;
    contests.pools.put(pool({ isMarked: false }));
    for (let index = 0; index < 20; index++) contests.pods.put(podOf(`old-${index}`, clock.now()));
    advance(2_500);
    const marked = (traits: PoolTraits = {}) =>
      pool({ markedBy: 'kubectl-annotate', markedAtMs: clock.now(), ...traits });
    contests.pools.put(marked());
    return { ...opened, marked };
  };

  test('Pods that are older than the mark do not make it contested, and are counted', () => {
    const { isContested, advance, problems, contests, pool, clock } = handedOver();
    expect(isContested()).toBe(false);
    advance(5_000);
    expect(isContested()).toBe(false);
    expect(problems()).toEqual(['ForeignPods']);
    const [problem] = contests.problemsOf(readPool(pool(), clock.now()), 'ns');
    expect(problem?.message).toBe(
      "20 pods of this pool were not started by Warmpool and are not members. Once nobody uses them, delete them: kubectl delete pods -n ns -l 'sandbox.opensandbox.io/pool-name=a,!warmpool.dev/pool-uid'",
    );
  });

  test('A pod that is created after the mark makes it contested', () => {
    const { isContested, advance, contests, clock } = handedOver();
    advance(1_000);
    contests.pods.put(podOf('new', clock.now()));
    expect(isContested()).toBe(true);
  });

  test('The controller is asked for a pass when the mark arrives', () => {
    const { changes } = handedOver();
    expect(changes.at(-1)).toBe('u');
  });

  test('A pool that loses the mark is not contested', () => {
    const { contests, clock, pool, advance, isContested } = handedOver();
    advance(1_000);
    contests.pods.put(podOf('new', clock.now()));
    contests.pools.put(pool({ isMarked: false }));
    expect(isContested()).toBe(false);
  });

  test('Without managedFields the mark counts from when this server saw it', () => {
    const { contests, clock, pool, advance, isContested } = open();
    contests.pods.put(podOf('old', clock.now()));
    advance(2_000);
    contests.pools.put(pool({ hasManagedFields: false }));
    expect(isContested()).toBe(false);
    advance(1_000);
    contests.pods.put(podOf('new', clock.now()));
    expect(isContested()).toBe(true);
  });
});

describe('Writes of the status', () => {
  test('The second write by another manager makes a pool contested', () => {
    const { contests, pool, clock, isContested, advance } = open();
    contests.pools.put(pool());
    for (const expected of [false, true]) {
      advance(1_000);
      contests.pools.put(pool({ statusBy: 'manager', statusAtMs: clock.now() }));
      expect(isContested()).toBe(expected);
    }
  });

  test('Our own writes between those of another manager do not hide them', () => {
    const { contests, pool, clock, isContested, advance } = open();
    contests.pools.put(pool());
    for (const [statusBy, expected] of [
      ['manager', false],
      ['warmpool', false],
      ['manager', true],
    ] as const) {
      advance(1_000);
      contests.pools.put(pool({ statusBy, statusAtMs: clock.now() }));
      expect(isContested()).toBe(expected);
    }
  });

  test('Our own writes are not traces', () => {
    const { contests, pool, clock, isContested, advance } = open();
    contests.pools.put(pool());
    for (let write = 0; write < 5; write++) {
      advance(1_000);
      contests.pools.put(pool({ statusBy: 'warmpool', statusAtMs: clock.now() }));
    }
    expect(isContested()).toBe(false);
  });

  test('A status that another manager wrote before the mark is not a trace', () => {
    const { contests, pool, clock, isContested, advance } = open();
    const status = { statusBy: 'manager', statusAtMs: clock.now() };
    contests.pools.put(pool({ isMarked: false, ...status }));
    advance(1_000);
    for (let version = 0; version < 3; version++) contests.pools.put(pool({ markedBy: 'kubectl', ...status }));
    expect(isContested()).toBe(false);
  });
});
