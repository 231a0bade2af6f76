// The clients' record: what they were answered, and when.

/** An answer that a client received. */
export type Answer = {
  /** When it arrived, in epoch milliseconds. */
  readonly at: number;
} & (
  | {
      /** 201, also of a replay. */
      readonly kind: 'claimed';
      readonly claimId: string;
      /** Name of the pod. */
      readonly pod: string;
      readonly poolUid: string;
      /** Idempotency-Key of the request. */
      readonly key?: string | undefined;
    }
  /** 200 of a renewal. `expiresAt` as in the answer, RFC 3339. */
  | { readonly kind: 'renewed'; readonly claimId: string; readonly expiresAt: string }
  /** 204 of a release. */
  | { readonly kind: 'released'; readonly claimId: string }
  /** 429: no pod was free. */
  | { readonly kind: 'refused'; readonly poolUid: string }
);
export type ClaimAnswer = Exclude<Answer, { kind: 'refused' }>;
