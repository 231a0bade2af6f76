// The claim service on the local runtime, with a clock that the test moves.
import { onTestFinished } from 'vitest';
import type { CreateClaim } from '../../../src/contract/claim.ts';
import type { RecycleType } from '../../../src/contract/strategies.ts';
import { ClaimService } from '../../../src/services/claims/claim-service.ts';
import { startRuntime, type Options } from '../../support/local-runtime.ts';
import { capacity, specification } from '../../support/pools.ts';

/** `failed` with the code of an error, so that outcomes can be compared. */
const outcomeOf = <Value>(promise: Promise<Value>, describe: (value: Value) => string): Promise<string> =>
  promise.then(describe, (error: unknown) =>
    error instanceof Error && 'code' in error ? String(error.code) : String(error),
  );

export const startClaims = async (options: Options & { maxLifetimeSeconds?: number } = {}) => {
  const { maxLifetimeSeconds, ...rest } = options;
  const runtime = await startRuntime(rest);
  const claims = new ClaimService({ ...runtime.ports, maxLifetimeSeconds });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= claims.close().then(runtime.stop));
  onTestFinished(stop);

  /** A pool whose members, `size` of them, are ready. It has no more, unless `poolMax` is larger. */
  const readyPool = async (
    name: string,
    size: number,
    { poolMax = size, recycle = 'Delete' }: { poolMax?: number; recycle?: RecycleType } = {},
  ) => {
    const spec = specification({
      capacitySpec: capacity(size, size, 0, poolMax),
      scaleStrategy: { maxUnavailable: '100%' },
      updateStrategy: { maxUnavailable: '100%' },
    });
    await runtime.pools.create(name, { ...spec, recycleStrategy: { type: recycle } });
    await runtime.advance(4_000);
  };
  /** Moves the clock far, with one look at what happened meanwhile. */
  const jump = async (ms: number) => {
    runtime.clock.moveTo(runtime.clock.now() + ms);
    await runtime.settle();
  };
  /** The member that a new claim holds, or the code of the error. */
  const claim = (pool: string, body: CreateClaim = {}, options: Parameters<ClaimService['create']>[2] = {}) =>
    outcomeOf(claims.create(pool, body, options), ({ claim: { member } }) => member.name);
  const claimed = async (pool: string, body: CreateClaim = {}, options: Parameters<ClaimService['create']>[2] = {}) =>
    (await claims.create(pool, body, options)).claim;

  /** Outcomes of claims, in the order in which they arrived. */
  const outcomes: string[] = [];
  /** Creates a claim in the background; its outcome is noted as `name: bound` or `name: CODE`. */
  const join = (
    name: string,
    pool: string,
    body: CreateClaim,
    options: Parameters<ClaimService['create']>[2] = {},
  ): void => {
    const noted = outcomeOf(claims.create(pool, body, options), ({ isReplay }) => (isReplay ? 'replayed' : 'bound'));
    void noted.then((outcome) => outcomes.push(`${name}: ${outcome}`));
  };
  /** Number of clients that wait for a member, as the scaling rule sees it. */
  const unmet = async (name: string) => {
    const pool = await runtime.pools.get(name);
    const { sentence } = await runtime.ports.planner.plan({ before: pool, after: pool });
    return Number(/(\d+) waiting/.exec(sentence)?.[1] ?? 0);
  };
  const liveCount = async () => (await claims.list({})).claims.length;
  return { ...runtime, claims, stop, readyPool, jump, claim, claimed, join, outcomes, unmet, liveCount };
};

/** An Idempotency-Key of a client. */
export const keyed = (key: string) => ({ retry: { key, caller: 'c', options: {} } });
