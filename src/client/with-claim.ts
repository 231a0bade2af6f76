// Runs a function that holds a member: claims it, renews the claim, and releases it.
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '../router/app-router.ts';
import { WarmpoolClientError } from './client-error.ts';
import { Lease } from './lease.ts';
import { beforeExit } from './process-signals.ts';
import type { Claim, CreateClaim } from './types.ts';

export type WithClaimOptions = CreateClaim & {
  /** Aborts the request for a member, and then the signal that `run` receives. */
  readonly signal?: AbortSignal | undefined;
};

export type ClaimHolder<Result> = (claim: Claim, context: { readonly signal: AbortSignal }) => Result | Promise<Result>;

export type WithClaim = <Result>(pool: string, run: ClaimHolder<Result>, options?: WithClaimOptions) => Promise<Result>;

type Claims = TRPCClient<AppRouter>['claims'];

const ATTEMPTS = 3;
const RETRY_MS = 500;
/** Maximum duration of the release after SIGINT or SIGTERM. */
const EXIT_RELEASE_MS = 5_000;

/**
 * Claims a member of the pool and returns what `run` returns, or rejects as `run` does. The claim is renewed after each
 * third of its lease, and released when `run` has ended, or when the process receives SIGINT or SIGTERM. The `signal`
 * of `run` aborts if the claim is lost, if it cannot be renewed before it expires, or with the signal of the options or
 * of the process; what `run` then does decides the result. A claim that cannot be released ends when it expires.
 * Errors: those of `claims.create`.
 */
export const createWithClaim =
  (client: TRPCClient<AppRouter>): WithClaim =>
  async (pool, run, { signal, ...given } = {}) => {
    const { claims } = client;
    const sentAtMs = performance.now();
    const claim = await create(claims, { ...given, name: pool, idempotencyKey: newKey() }, signal);
    const lease = new Lease(claims, claim, sentAtMs);
    const exit = new AbortController();
    const forget = beforeExit(async () => {
      exit.abort(new Error('The process is ending.'));
      lease.close();
      await release(claims, claim.id, AbortSignal.timeout(EXIT_RELEASE_MS));
    });
    try {
      const signals = [lease.signal, exit.signal, ...(signal ? [signal] : [])];
      return await run(claim, { signal: AbortSignal.any(signals) });
    } finally {
      lease.close();
      await release(claims, claim.id);
      forget();
    }
  };

const create = async (claims: Claims, input: Parameters<Claims['create']['mutate']>[0], signal?: AbortSignal) => {
  const options = signal === undefined ? {} : { signal };
  const claim = await repeat(() => claims.create.mutate(input, options));
  // A repeated request receives its claim as it is now.
  if (claim.state === 'bound') return claim;
  const message = `Claim ${claim.id} ended before the client received it: ${claim.state}.`;
  throw new WarmpoolClientError('CLAIM::ENDED', { message });
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
