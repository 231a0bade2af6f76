// The pool as services and stores know it: an immutable snapshot, replaced with every change.
import type { CapacityNumbers } from '../../contract/capacity-spec.ts';
import type { PoolStatus } from '../../contract/pool.ts';
import type { RecycleStrategy } from '../../contract/strategies.ts';

/**
 * What a caller may write, as it is stored. Wider than the contract's PoolSpecification: somebody else may have stored
 * it against the rules. Labels and annotations are `{}` where there are none; annotations include the reserved ones.
 */
export type StoredSpecification = {
  /** Absent only where somebody else stored a pool without one. */
  readonly template?: Readonly<Record<string, unknown>> | undefined;
  readonly capacitySpec: CapacityNumbers;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly scaleStrategy?: { readonly maxUnavailable?: number | string | undefined } | undefined;
  readonly updateStrategy?: { readonly maxUnavailable?: number | string | undefined } | undefined;
  readonly recycleStrategy?: RecycleStrategy | undefined;
};

export type Pool = {
  /** Identity: everything that hangs on a pool hangs on this, never on the name. */
  readonly uid: string;
  readonly name: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** Grows with every change of template, capacitySpec or a strategy. */
  readonly generation: number;
  /** Opaque; another one with every change. */
  readonly resourceVersion: string;
  readonly specification: StoredSpecification;
  /** What is shown in its place, where somebody else stored what breaks the schema. */
  readonly readable?: StoredSpecification;
  /** Absent until something was observed, or must be told. */
  readonly status?: PoolStatus;
  /** Since when the pool waits to be deleted. RFC 3339, UTC. */
  readonly deletingSince?: string;
};
