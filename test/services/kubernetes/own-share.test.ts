import { expect, test } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { preferOwnShare, shareOf } from '../../../src/services/kubernetes/claims/own-share.ts';
import { ServerLeases } from '../../../src/services/kubernetes/leases/server-leases.ts';
import { randomSuffix } from '../../../src/lib/random-suffix.ts';

const NAMES = Array.from({ length: 3_000 }, () => `agents-${randomSuffix(5)}`);

test('Each member is in the share of one server, and the shares are of about the same size', () => {
  const servers = ['one', 'three', 'two'];
  const shares = servers.map((server) => NAMES.filter(shareOf(servers, server)));
  expect(shares.flat().toSorted()).toEqual(NAMES.toSorted());
  for (const { length } of shares) expect(length).toBeGreaterThan(850);
});

test('The shares are divided again when a server appears and when it drops out, and not when callers wait', () => {
  const clock = new FakeClock();
  const leases = new ServerLeases({ own: { identity: 'one', waiting: new Map() }, clock });
  const sizes: number[] = [];
  const setShare = (isOwn: (name: string) => boolean) => sizes.push(NAMES.filter(isOwn).length);
  preferOwnShare({ setShare }, leases, 'one');
  const lease = (resourceVersion: string, waiting: string) => ({
    metadata: { name: 'two', uid: 'two', resourceVersion, annotations: { 'warmpool.dev/waiting': waiting } },
    spec: { holderIdentity: 'two' },
  });
  leases.put(lease('1', '{}'));
  leases.put(lease('2', '{"uid":["token"]}'));
  clock.moveTo(clock.now() + 30_000);
  expect(sizes).toEqual([shareSize(['one', 'two'], 'one'), NAMES.length]);
  leases.close();
});

const shareSize = (servers: readonly string[], server: string) => NAMES.filter(shareOf(servers, server)).length;
