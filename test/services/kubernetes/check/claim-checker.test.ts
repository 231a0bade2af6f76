// One planted fault for every promise, and what is allowed next to it.
import { describe, expect, test } from 'vitest';
import { describeViolations } from '../../../../src/services/kubernetes/check/violation.ts';
import { History, POOL } from './history.ts';

const X = 'a-xxxxxxxx';
const Y = 'a-yyyyyyyy';

const begin = (type = 'Noop') => new History().pool({ type }).start('a');

describe('A mark', () => {
  test('A claim that is bound, renewed, released, made idle and followed by another one breaks no promise', () => {
    const history = begin().hold('a', X).claimed(X);
    const expiresAt = new Date(history.nowMs + 7_200_000).toISOString();
    history.hold('a', X, { expiresAt }).answered({ kind: 'renewed', claimId: X, expiresAt });
    history.end('a', X).answered({ kind: 'released', claimId: X });
    history.idle('a', 1).hold('a', Y).claimed(Y).end('a', Y, 'expired').idle('a', 2);
    expect(history.violations()).toEqual([]);
    expect(history.checker.report()).toMatchObject({ writes: 9, pods: 1, pools: 1, lost: 0, gaps: [] });
  });

  test('A mark that goes from one claim to another breaks a promise, and the violation names the write', () => {
    const violations = begin().hold('a', X).hold('a', Y).violations();
    expect(describeViolations(violations)).toEqual([
      'one-holder: A mark never goes from one claim to another without its end and an idle mark between.',
      `  - 2026-01-01T00:00:03.000Z Pod a went from claim ${X} (held) to claim ${Y} (held) without being idle between (version 4, last written by warmpool at 2026-01-01T00:00:03.000Z)`,
    ]);
  });

  test('A claim that follows an ended one without an idle mark between breaks a promise', () => {
    expect(begin().hold('a', X).end('a', X).hold('a', Y).broken()).toEqual(['one-holder']);
  });

  test('An end of another claim than the one that holds the pod breaks a promise', () => {
    expect(begin().hold('a', X).end('a', Y).broken()).toEqual(['one-holder']);
  });

  test('A pod that is idle and claimed at once breaks a promise', () => {
    expect(begin().mark('a', 0, { id: X }).broken()).toEqual(['one-holder']);
  });

  test('A held pod that becomes idle with the next number breaks a promise', () => {
    expect(begin().hold('a', X).idle('a', 1).broken()).toEqual(['one-holder']);
  });

  test('A bind that is taken back with the same idle number breaks no promise', () => {
    expect(begin().hold('a', X).idle('a', 0).hold('a', Y).claimed(Y).broken()).toEqual([]);
  });

  test.each(['ended', 'restarting'] as const)(
    'A claim that is held again after it was %s breaks a promise',
    (state) => {
      const history = begin().hold('a', X).hold('a', X, { state, end: 'expired' });
      expect(history.hold('a', X).broken()).toContain('one-holder');
    },
  );

  test('A claim whose end changes breaks a promise', () => {
    expect(begin().hold('a', X).end('a', X, 'expired').end('a', X, 'released').broken()).toEqual(['one-holder']);
  });

  test('A claim that ends without saying how breaks a promise', () => {
    expect(begin().hold('a', X).hold('a', X, { state: 'ended' }).broken()).toEqual(['one-holder']);
  });

  test('An idle pod whose mark becomes that of an ended claim breaks a promise', () => {
    expect(begin().end('a', X).broken()).toEqual(['one-holder']);
  });

  test('A restart between two claims breaks no promise', () => {
    const restarting = { state: 'restarting', end: 'released', attempt: 1 } as const;
    const history = begin('Restart').hold('a', X).end('a', X).hold('a', X, restarting);
    history
      .hold('a', X, { ...restarting, attempt: 2 })
      .idle('a', 1)
      .hold('a', Y);
    expect(history.broken()).toEqual([]);
  });

  test('The id of a claim that is used again breaks a promise', () => {
    expect(begin().hold('a', X).end('a', X).idle('a', 1).hold('a', X).broken()).toEqual(['one-holder']);
  });

  test('The mark of a claim that names another pod breaks a promise', () => {
    expect(begin().start('b').hold('b', X).broken()).toEqual(['one-holder']);
  });

  test('The same claim on two pods breaks a promise', () => {
    expect(begin().hold('a', X).gone('a').start('a').hold('a', X).broken()).toEqual(['one-holder']);
  });

  test('A pod whose mark somebody removed loses its claim, and breaks a promise only if it gets a mark again', () => {
    const history = begin().hold('a', X).mark('a', undefined);
    expect(history.broken()).toEqual([]);
    expect(history.checker.report().lost).toBe(1);
    expect(history.idle('a', 1).broken()).toEqual(['one-holder']);
    expect(begin().mark('a', undefined).hold('a', X).broken()).toEqual(['one-holder']);
  });

  test('A pod that is created with a claim breaks a promise', () => {
    const history = begin().hold('a', X);
    const annotations = history.pods.get('a')?.annotations ?? {};
    expect(new History().pool().create('a', { annotations }).broken()).toEqual(['one-holder']);
  });
});

describe('The idle number', () => {
  test.each([
    ['stays the same after a claim', () => begin().hold('a', X).end('a', X).idle('a', 0)],
    ['skips a number after a claim', () => begin().hold('a', X).end('a', X).idle('a', 2)],
    ['grows without a claim', () => begin().idle('a', 1)],
    ['does not begin at 0', () => new History().pool().create('a', { annotations: { 'warmpool.dev/idle': '3' } })],
  ])('An idle number that %s breaks a promise', (_, plant) => {
    expect(plant().broken()).toEqual(['idle-number']);
  });
});

describe('Answers', () => {
  test('An answered claim that no pod ever had breaks a promise', () => {
    expect(begin().claimed(X).broken()).toEqual(['answers']);
  });

  test('An answer is checked only after everything before it was seen', () => {
    const history = begin();
    history.checker.answered({ kind: 'claimed', claimId: X, pod: 'a', poolUid: POOL, at: history.nowMs + 1_000 });
    history.checker.caughtUp(history.nowMs);
    expect(history.hold('a', X).broken()).toEqual([]);
  });

  test('An answer before the bind breaks a promise', () => {
    expect(begin().claimed(X).pass(5).hold('a', X).broken()).toEqual(['answers']);
  });

  test('An answer that names another pod breaks a promise', () => {
    expect(begin().hold('a', X).claimed(X, { pod: 'b' }).broken()).toEqual(['answers']);
  });

  test('An answer that names another uid of the pool breaks a promise', () => {
    expect(begin().hold('a', X).claimed(X, { poolUid: 'uid-old' }).broken()).toEqual(['pool-uid']);
  });

  test('A pod that goes from one pool to another breaks a promise', () => {
    const history = begin();
    history.change('a', { annotations: { 'warmpool.dev/pool-uid': 'other', 'warmpool.dev/idle': '0' } });
    expect(history.broken()).toEqual(['pool-uid']);
  });

  test('A claim that is answered twice breaks a promise, unless both requests had the same key', () => {
    expect(begin().hold('a', X).claimed(X).claimed(X).broken()).toEqual(['one-answer']);
    expect(begin().hold('a', X).claimed(X, { key: 'k' }).claimed(X, { key: 'l' }).broken()).toEqual(['one-answer']);
    expect(begin().hold('a', X).claimed(X, { key: 'k' }).claimed(X, { key: 'k' }).broken()).toEqual([]);
  });

  test('An answer with a claim that was taken back breaks a promise, before and after it', () => {
    expect(begin().hold('a', X).idle('a', 0).claimed(X).broken()).toEqual(['answers']);
    const history = begin().hold('a', X).claimed(X);
    expect(history.broken()).toEqual([]);
    expect(history.idle('a', 0).broken()).toEqual(['answers']);
  });

  test('A pod that was not ready when it was bound must not be answered', () => {
    const history = begin().change('a', { isReady: false }).hold('a', X);
    expect(history.broken()).toEqual([]);
    expect(history.claimed(X).broken()).toEqual(['ready']);
    expect(begin().terminate('a').hold('a', X).claimed(X).broken()).toContain('ready');
  });

  test('A release that was answered without an end breaks a promise', () => {
    expect(begin().hold('a', X).answered({ kind: 'released', claimId: X }).broken()).toEqual(['answers']);
  });

  test('A release that was answered before the end breaks a promise', () => {
    const history = begin().hold('a', X).answered({ kind: 'released', claimId: X });
    expect(history.pass(5).end('a', X).broken()).toEqual(['answers']);
  });

  test('A release that was answered after the claim had expired or its pod was gone breaks no promise', () => {
    const released = { kind: 'released', claimId: X } as const;
    expect(begin().hold('a', X).end('a', X, 'expired').answered(released).broken()).toEqual([]);
    expect(begin().hold('a', X).gone('a').answered(released).broken()).toEqual([]);
  });

  test('A renewal that no mark has breaks a promise', () => {
    const expiresAt = '2026-01-02T00:00:00.000Z';
    expect(begin().hold('a', X).answered({ kind: 'renewed', claimId: X, expiresAt }).broken()).toEqual(['answers']);
  });

  test('A refusal breaks a promise while the same pod is idle and ready for seconds before and after it', () => {
    const refused = { kind: 'refused', poolUid: POOL } as const;
    const pod = () => begin().pass(5);
    expect(pod().answered(refused).pass(5).broken()).toEqual(['refusals']);
    expect(pod().answered(refused).pass(5).hold('a', X).broken()).toEqual(['refusals']);
    expect(pod().answered(refused).hold('a', X).broken()).toEqual([]);
    expect(pod().hold('a', X).pass(5).answered(refused).pass(5).broken()).toEqual([]);
    expect(pod().change('a', { isReady: false }).pass(5).answered(refused).pass(5).broken()).toEqual([]);
    expect(begin().answered(refused).pass(5).broken()).toEqual([]);
  });
});

describe('Pods', () => {
  test('A pod whose claim ended under Delete and that is held again breaks a promise', () => {
    expect(begin('Delete').hold('a', X).end('a', X).idle('a', 1).hold('a', Y).broken()).toEqual(['recycling']);
  });

  test('A pod of a pool whose recycle type changed while it was held may be held again', () => {
    const history = begin('Delete').hold('a', X).pool({ type: 'Noop' });
    expect(history.end('a', X).idle('a', 1).hold('a', Y).broken()).toEqual([]);
  });

  test('A bind that was taken back under Delete leaves the pod usable', () => {
    expect(begin('Delete').hold('a', X).idle('a', 0).hold('a', Y).broken()).toEqual([]);
  });

  test('A pod above poolMax breaks a promise', () => {
    const history = begin().start('b').start('c');
    expect(history.broken()).toEqual([]);
    expect(history.terminate('a').start('d').broken()).toEqual(['pool-max']);
  });

  test('Stuck pods do not count, up to their allowance', () => {
    const history = begin().start('b').start('c').terminate('a').terminate('b').pass(300).start('d');
    expect(history.broken()).toEqual([]);
    expect(history.start('e').broken()).toEqual(['pool-max']);
  });

  test('A pod that was created within poolMax as it was seconds before breaks no promise', () => {
    const history = begin()
      .start('b')
      .pool({ capacity: { poolMax: 2 } });
    expect(history.start('c').broken()).toEqual([]);
    expect(history.gone('c').pass(30).start('d').broken()).toEqual(['pool-max']);
  });

  test('A pod that was created just before its pool grew in the view of the checker breaks no promise', () => {
    const history = begin()
      .start('b')
      .start('c')
      .start('d')
      .pool({ capacity: { poolMax: 4 } });
    expect(history.broken()).toEqual([]);
  });

  test('Around a change of leader, 64 pods more may be created', () => {
    const history = begin().start('b').start('c');
    history.checker.leader('one', history.nowMs);
    history.checker.leader('two', history.nowMs);
    for (let index = 0; index < 64; index += 1) history.start(`more${index}`).pass(-1);
    expect(history.broken()).toEqual([]);
    expect(history.start('z').broken()).toEqual(['pool-max']);
  });

  test('A held pod that is deleted is lost, and breaks a promise where nobody else deletes pods', () => {
    const plant = (othersDelete: boolean) =>
      new History({ othersDelete }).pool().start('a').hold('a', X).terminate('a').gone('a');
    expect(plant(true).broken()).toEqual([]);
    expect(plant(true).checker.report().lost).toBe(1);
    expect(plant(false).broken()).toEqual(['held-pods']);
    const forced = new History({ othersDelete: false }).pool().start('a').hold('a', X).gone('a');
    expect(forced.broken()).toEqual(['held-pods']);
  });

  test('A held pod may be deleted after the end of its claim, and with its pool', () => {
    const history = new History({ othersDelete: false }).pool().start('a').start('b').hold('a', X).hold('b', 'b-x');
    expect(history.end('a', X).terminate('a').gone('a').broken()).toEqual([]);
    expect(history.poolGone().gone('b').broken()).toEqual([]);
  });
});

describe('The history', () => {
  test('A gap is reported, and what is missing in it breaks no promise', () => {
    const history = begin().hold('a', X);
    history.checker.gap('the version is too old');
    const pod = history.pods.get('a');
    if (pod) history.checker.podsListed([history.versionOf(pod)], history.nowMs);
    history.claimed(Y);
    expect(history.checker.report()).toMatchObject({ gaps: ['the version is too old'], violations: [] });
    expect(history.broken()).toEqual([]);
  });

  test('A version that was seen before is ignored', () => {
    const history = begin();
    const pod = history.pods.get('a');
    const old = pod && history.versionOf(pod);
    history.hold('a', X);
    if (old) history.checker.pod('MODIFIED', old, history.nowMs);
    expect(history.hold('a', X).broken()).toEqual([]);
  });

  test('Pods that were held before the history began can be renewed, released and used again', () => {
    const before = begin().hold('a', X);
    const pod = before.pods.get('a');
    const history = new History().pool();
    history.pass(100).pods.set('a', { ...(pod ?? { name: 'a', uid: 'a', isReady: true, annotations: {} }) });
    history.checker.podsListed(pod ? [history.versionOf(pod)] : [], history.nowMs);
    history.claimed(X, { key: 'k' }).end('a', X).answered({ kind: 'released', claimId: X }).idle('a', 7);
    expect(history.hold('a', Y).end('a', Y).idle('a', 8).broken()).toEqual([]);
  });

  test('A claim that had ended before the history began and is held again breaks a promise', () => {
    const pod = begin().hold('a', X).end('a', X).pods.get('a');
    const history = new History().pool();
    if (pod) history.pods.set('a', pod);
    history.pass(100).checker.podsListed(pod ? [history.versionOf(pod)] : [], history.nowMs);
    expect(history.hold('a', X).broken()).toEqual(['one-holder']);
  });

  test('A hundred thousand claims are checked in bounded memory', () => {
    const history = begin();
    for (let number = 0; number < 101_000; number += 1) {
      const id = `a-${number}`;
      history
        .hold('a', id)
        .claimed(id)
        .end('a', id)
        .idle('a', number + 1);
      if (number % 1_000 === 0) expect(history.broken()).toEqual([]);
    }
    expect(history.checker.claimsKept).toBeLessThanOrEqual(100_000);
    expect(history.broken()).toEqual([]);
  }, 60_000);
});
