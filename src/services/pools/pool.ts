// The pool as services and stores see it: an immutable snapshot, replaced on every change.
import type { CapacitySpec } from '../../contract/capacity-spec.ts';
import type { PoolStatus } from '../../contract/pool.ts';
import type { RecycleStrategy } from '../../contract/strategies.ts';

/**
 * What clients may write, as it is stored. Wider than the contract's PoolSpecification: other writers may break its rules.
 * Labels and annotations are `{}` when there are none; annotations include the reserved ones.
 */
export type StoredSpecification = {
  /** Absent only if another writer stored a pool without one. */
  readonly template?: Readonly<Record<string, unknown>> | undefined;
  readonly capacitySpec: CapacitySpec;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly scaleStrategy?: { readonly maxUnavailable?: number | string | undefined } | undefined;
  readonly updateStrategy?: { readonly maxUnavailable?: number | string | undefined } | undefined;
  readonly recycleStrategy?: RecycleStrategy | undefined;
};

export type Pool = {
  /** Identity of the pool: members and decisions belong to a uid, never to a name. */
  readonly uid: string;
  readonly name: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** Incremented by every change to template, capacitySpec or a strategy. */
  readonly generation: number;
  /** Changes with every write. */
  readonly resourceVersion: string;
  readonly specification: StoredSpecification;
  /** What clients receive instead of a stored specification that breaks the schema. */
  readonly readable?: StoredSpecification;
  /** Absent until the pool was observed, or has a condition to report. */
  readonly status?: PoolStatus;
  /** When deletion was requested, if a finalizer holds the pool. RFC 3339, UTC. */
  readonly deletingSince?: string;
};
