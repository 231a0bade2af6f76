// How much of its lease a claim has left.

/** Below this share of its ttl, or below a minute of a longer one, a claim ends soon. */
const SOON_SHARE = 0.2;
const SOON_MS = 60_000;

export type TimeLeft = {
  readonly ms: number;
  /** 0 to 1, of the claim's `ttlSeconds`. */
  readonly share: number;
  readonly isSoon: boolean;
};

export const timeLeft = (claim: { expiresAt: string; ttlSeconds: number }, nowMs: number): TimeLeft => {
  const ms = Math.max(0, Date.parse(claim.expiresAt) - nowMs);
  const ttlMs = claim.ttlSeconds * 1_000;
  const share = Math.min(1, ms / ttlMs);
  return { ms, share, isSoon: share < SOON_SHARE && ms < Math.max(SOON_MS, ttlMs * SOON_SHARE) };
};
