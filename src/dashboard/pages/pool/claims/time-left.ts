// How much of its lease a claim has left.

/** Below this share of its ttl, a claim ends soon. */
const SOON_SHARE = 0.2;

export type TimeLeft = {
  readonly ms: number;
  /** 0 to 1, of the claim's `ttlSeconds`. */
  readonly share: number;
  readonly isSoon: boolean;
};

export const timeLeft = (claim: { expiresAt: string; ttlSeconds: number }, nowMs: number): TimeLeft => {
  const ms = Math.max(0, Date.parse(claim.expiresAt) - nowMs);
  const share = Math.min(1, ms / (claim.ttlSeconds * 1_000));
  return { ms, share, isSoon: share < SOON_SHARE };
};
