// The Pool custom resource as the API server sends and takes it, and where it is served.

/** Where pools are served. Source: OpenSandbox's custom resource definition. */
export const POOL_RESOURCE = {
  group: 'sandbox.opensandbox.io',
  version: 'v1alpha1',
  plural: 'pools',
  kind: 'Pool',
} as const;

/** What the API server itself guarantees of every object. */
type ObjectMetadata = {
  readonly uid: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** RFC 3339 in UTC, whole seconds. */
  readonly creationTimestamp: string;
  /** Present while the object waits for its finalizers. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** A Pool. What stands in `spec` and `status` depends on the definition that is installed: anything may. */
export type PoolResource = {
  readonly metadata: ObjectMetadata;
  readonly spec?: unknown;
  readonly status?: unknown;
};
