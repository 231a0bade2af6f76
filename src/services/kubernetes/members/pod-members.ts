// The members of a pool on Kubernetes: its pods, read live.
import { NAME_MAX_LENGTH } from '../../../contract/limits.ts';
import type { Member } from '../../../contract/member.ts';
import type { Pool } from '../../pools/pool.ts';
import type { MemberReader } from '../../pools/ports.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { ClusterConnection } from '../connection/cluster-connection.ts';
import { ResourceClient } from '../resource/resource-client.ts';
import { retryRead } from '../resource/retry-read.ts';
import { allocatedPods, BATCH_SANDBOXES, type BatchSandbox } from './allocated-pods.ts';
import { memberFromPod } from './pod-member.ts';
import { PODS, type Pod } from './pod.ts';

/** Label of a pool's pods. Source: OpenSandbox's pool controller. */
const POOL_NAME_LABEL = 'sandbox.opensandbox.io/pool-name';
/** For one read with its repetitions, in milliseconds. */
const DEADLINE_MS = 5_000;

export class PodMembers implements MemberReader {
  readonly #pods: ResourceClient<Pod>;
  readonly #batchSandboxes: ResourceClient<BatchSandbox>;

  constructor(connection: ClusterConnection, namespace: string) {
    this.#pods = new ResourceClient(connection, PODS, namespace);
    this.#batchSandboxes = new ResourceClient(connection, BATCH_SANDBOXES, namespace);
  }

  /** Errors: FORBIDDEN without the permission to list pods and batchsandboxes. */
  async list(pool: Pool): Promise<Member[]> {
    // No label can have a longer value: such a pool cannot have pods.
    if (pool.name.length > NAME_MAX_LENGTH) return [];
    const deadlineMs = performance.now() + DEADLINE_MS;
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const [pods, sandboxes] = await Promise.all([
      retryRead(() => this.#pods.list({ labelSelector: `${POOL_NAME_LABEL}=${pool.name}` }, signal), deadlineMs),
      retryRead(() => this.#batchSandboxes.list({}, signal), deadlineMs).catch(withoutCrd),
    ]);
    const allocated = allocatedPods(pool, sandboxes.items);
    return pods.items
      .filter(({ metadata }) => metadata.ownerReferences.some((owner) => owner.controller && owner.uid === pool.uid))
      .map((pod) => memberFromPod(pod, pool, allocated))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}

/** Where the CRD of BatchSandboxes is missing, no member is allocated. */
const withoutCrd = (error: unknown) => {
  if (error instanceof WarmpoolError && error.code === 'KUBERNETES::CRD_NOT_INSTALLED') return { items: [] };
  throw error;
};
