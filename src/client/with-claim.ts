// Runs a function that holds a member: claims it, renews the claim, and releases it.
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '../router/app-router.ts';
import { WarmpoolClientError } from './client-error.ts';
import { Lease } from './lease.ts';
import { beforeExit, isEnding } from './process-signals.ts';
import type { Claim, CreateClaim } from './types.ts';

export type WithClaimOptions = CreateClaim & {
  /** Aborts the request for a member, and then the signal that `run` receives. */
  readonly signal?: AbortSignal | undefined;
};

export type ClaimHolder<Result> = (claim: Claim, context: { readonly signal: AbortSignal }) => Result | Promise<Result>;

export type WithClaim = <Result>(pool: string, run: ClaimHolder<Result>, options?: WithClaimOptions) => Promise<Result>;

type Claims = TRPCClient<AppRouter>['claims'];
type Input = Parameters<Claims['create']['mutate']>[0];

const ATTEMPTS = 3;
const RETRY_MS = 500;
/** Maximum time to give a member back after SIGINT or SIGTERM, or after the request for it was given up. */
const EXIT_MS = 5_000;

/**
 * Claims a member of the pool and returns what `run` returns, or rejects as `run` does. The claim is renewed after each
 * third of its lease, and released when `run` has ended, or when the process receives SIGINT or SIGTERM. The `signal`
 * of `run` aborts if the claim is lost, if it cannot be renewed before it expires, or with the signal of the options or
 * of the process; what `run` then does decides the result. A claim that cannot be released ends when it expires.
 * Errors: those of `claims.create`; CLIENT::ABORTED while the process ends.
 */
export const createWithClaim =
  (client: TRPCClient<AppRouter>): WithClaim =>
  async (pool, run, { signal, ...given } = {}) => {
    if (isEnding()) throw new WarmpoolClientError('CLIENT::ABORTED', { message: ENDING });
    const { claims } = client;
    const input = { ...given, name: pool, idempotencyKey: newKey() };
    const exit = new AbortController();
    let giveBack = () => settle(claims, input);
    const forget = beforeExit(async () => {
      exit.abort(new Error(ENDING));
      await giveBack();
    });
    const sentAtMs = performance.now();
    const signals = [exit.signal, ...(signal ? [signal] : [])];
    try {
      const claim = await create(claims, input, AbortSignal.any(signals));
      const lease = new Lease(claims, claim, sentAtMs);
      giveBack = () => {
        lease.close();
        return release(claims, claim.id, AbortSignal.timeout(EXIT_MS));
      };
      try {
        return await run(claim, { signal: AbortSignal.any([lease.signal, ...signals]) });
      } finally {
        lease.close();
        await release(claims, claim.id);
      }
    } finally {
      forget();
    }
  };

const ENDING = 'The process is ending.';

const create = async (claims: Claims, input: Input, signal: AbortSignal): Promise<Claim> => {
  const claim = await repeat(() => claims.create.mutate(input, { signal })).catch(async (error: unknown) => {
    if (isLost(error) || signal.aborted) await settle(claims, input);
    throw error;
  });
  // A repeated request receives its claim as it is now.
  if (claim.state === 'bound') return claim;
  const message = `Claim ${claim.id} ended before the client received it: ${claim.state}.`;
  throw new WarmpoolClientError('CLAIM::ENDED', { message });
};

/** Ends the claim of a request whose response is not known: its key leads to it. */
const settle = async (claims: Claims, input: Input): Promise<void> => {
  const signal = AbortSignal.timeout(EXIT_MS);
  try {
    const { id } = await repeat(() => claims.create.mutate({ ...input, waitSeconds: 0 }, { signal }));
    await release(claims, id, signal);
  } catch {
    // No claim, or one that ends when it expires.
  }
};

const release = async (claims: Claims, id: string, signal?: AbortSignal): Promise<void> => {
  const options = signal === undefined ? {} : { signal };
  // The claim has ended already, or ends when it expires: the result of `run` matters more.
  await repeat(() => claims.release.mutate({ id }, options)).catch(() => undefined);
};

/** Repeats a call whose response was lost. It may have been carried out, so the call must be safe to repeat. */
const repeat = async <Output>(call: () => Promise<Output>): Promise<Output> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === ATTEMPTS || !isLost(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * RETRY_MS));
    }
  }
};

const isLost = (error: unknown): boolean =>
  error instanceof WarmpoolClientError && error.code.startsWith('CLIENT::') && error.isRetryable;

/** Not `randomUUID`, which browsers have on secure pages only. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
