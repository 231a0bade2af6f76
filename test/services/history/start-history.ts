// The history and the claims of a local runtime, with a clock that the test moves.
import { onTestFinished } from 'vitest';
import type { HistoryColumns, HistoryOptions } from '../../../src/contract/history.ts';
import type { CreateClaim } from '../../../src/contract/claim.ts';
import { ClaimService } from '../../../src/services/claims/claim-service.ts';
import { HistoryService } from '../../../src/services/history/history-service.ts';
import { startRuntime, type Options } from '../../support/local-runtime.ts';
import { capacity, specification } from '../../support/pools.ts';
import { silentObserver } from '../../support/silent-observer.ts';

export const startHistory = async (options: Options = {}) => {
  const runtime = await startRuntime(options);
  const unreadable: unknown[] = [];
  const observer = { ...silentObserver, historyUnreadable: (error: unknown) => unreadable.push(error) };
  const history = new HistoryService({ ...runtime.ports, observer });
  let claims: ClaimService | undefined;
  /** Started by the first claim: without it, the clock can be moved far in little time. */
  const claimService = () =>
    (claims ??= new ClaimService({ ...runtime.ports, observer: history.counting(runtime.ports.observer) }));
  let stopped: Promise<void> | undefined;
  const stop = () =>
    (stopped ??= (async () => {
      await claims?.close();
      await history.close();
      await runtime.stop();
    })());
  onTestFinished(stop);

  /** A pool with this many members at most, which are ready. */
  const readyPool = async (name: string, size: number, poolMax = size) => {
    await runtime.pools.create(name, {
      ...specification({ capacitySpec: capacity(size, size, 0, poolMax) }),
      recycleStrategy: { type: 'Noop' },
    });
    await runtime.advance(20_000);
  };
  const claim = async (pool: string, body: CreateClaim = {}) => (await claimService().create(pool, body)).claim;
  const columns = async (name: string, read: HistoryOptions = {}): Promise<HistoryColumns> =>
    (await history.read(name, read)).columns;
  /** The points that were sampled, as `[seconds before now, ...figures]` of the named columns. */
  const points = async (name: string, figures: readonly (keyof HistoryColumns)[], read: HistoryOptions = {}) => {
    const all = await columns(name, read);
    const now = runtime.clock.now() / 1_000;
    return all.time
      .map((time, index) => [now - time, ...figures.map((figure) => all[figure][index])])
      .filter((_, index) => all.available[index] !== null);
  };
  return { ...runtime, history, claimService, stop, readyPool, claim, columns, points, unreadable };
};
