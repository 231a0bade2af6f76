// What a server must not keep once no client claims or waits any more.
import { expect } from 'vitest';
import { listClaims, metricOf, send, type Target } from './claims-client.ts';
import { readyMembers } from './claims-server.ts';

/** Waits until the pool has `size` free members, no claim, nobody in line, and a plan that says so. */
export const expectNothingLeft = async (target: Target, pool: string, size: number): Promise<void> => {
  const left = async () => ({
    ready: await readyMembers(target, pool),
    live: (await listClaims(target, 'bound')).length,
    held: await metricOf(target, 'warmpool_claims', pool),
    waiting: await metricOf(target, 'warmpool_claims_waiting', pool),
  });
  await expect.poll(left, { timeout: 10_000 }).toEqual({ ready: size, live: 0, held: 0, waiting: 0 });
  const answer = await send(target, 'PATCH', `/v1/pools/${pool}?dryRun=true`, { json: {} });
  expect(answer?.text).toMatch(/"sentence":"Wants (?!.*waiting)/);
};
