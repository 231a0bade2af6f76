// The Kubernetes runtime: pools are custom resources. Imported only where it is configured.
import type { Runtime } from '../runtime.ts';
import { openManagedRuntime } from './managed-runtime.ts';
import { openObservedRuntime } from './observed-runtime.ts';
import type { PoolAccessOptions } from './pool-access.ts';

type KubernetesRuntimeOptions = PoolAccessOptions & {
  /** Who starts and stops the pods of the pools. */
  readonly controller: 'opensandbox' | 'warmpool';
  /** Maximum time that a claim can be held, in seconds. Default: no limit. */
  readonly maxLifetimeSeconds?: number | undefined;
};

/** Starts without waiting for the cluster, which may be unreachable. Throws KubeConfigError. */
export const openKubernetesRuntime = ({ controller, ...options }: KubernetesRuntimeOptions): Runtime =>
  controller === 'warmpool' ? openManagedRuntime(options) : openObservedRuntime(options);
