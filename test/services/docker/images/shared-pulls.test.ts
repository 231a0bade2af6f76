// Pulls that several pools share.
import Docker from 'dockerode';
import { expect, test } from 'vitest';
import { SharedPulls } from '../../../../src/services/docker/images/shared-pulls.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

test('A pull is not joined, and not begun, with a signal that has aborted', async () => {
  const clock = new FakeClock();
  const pulls = new SharedPulls({ docker: new Docker({ socketPath: '/nonexistent' }), clock });
  const messages: string[] = [];
  const joining = pulls.pull('busybox:1', (message) => messages.push(message), AbortSignal.abort(new Error('left')));
  await expect(joining).rejects.toThrow('left');
  expect(messages).toEqual([]);
  expect(clock.nextAtMs).toBeUndefined();
});
