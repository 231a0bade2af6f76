// The members of a pool on Kubernetes: its pods, read when asked.
import { CoreV1Api, CustomObjectsApi } from '@kubernetes/client-node';
import { NAME_MAX_LENGTH } from '../../../contract/limits.ts';
import type { Member } from '../../../contract/member.ts';
import type { MemberReader } from '../../pools/ports.ts';
import type { Pool } from '../../pools/pool.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { ClusterConnection } from '../connection/cluster-connection.ts';
import { POOL_RESOURCE } from '../resource/pool-resource.ts';
import { allocatedPods, type BatchSandbox } from './allocated-pods.ts';
import { toMember } from './pod-member.ts';

/** Label of a pool's pods. Source: OpenSandbox's pool controller. */
const POOL_NAME_LABEL = 'sandbox.opensandbox.io/pool-name';
const DEADLINE_MS = 5_000;

export class PodMembers implements MemberReader {
  readonly #connection: ClusterConnection;
  readonly #namespace: string;
  readonly #core: CoreV1Api;
  readonly #objects: CustomObjectsApi;

  constructor(connection: ClusterConnection, namespace: string) {
    this.#connection = connection;
    this.#namespace = namespace;
    this.#core = connection.client(CoreV1Api);
    this.#objects = connection.client(CustomObjectsApi);
  }

  /** Errors: FORBIDDEN without the right to list pods and batchsandboxes. */
  async list(pool: Pool): Promise<Member[]> {
    // No label takes a longer value: such a pool cannot have pods.
    if (pool.name.length > NAME_MAX_LENGTH) return [];
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const [pods, sandboxes] = await Promise.all([this.#pods(pool, signal), this.#batchSandboxes(signal)]);
    const allocated = allocatedPods(pool, sandboxes);
    return pods
      .filter(({ metadata }) =>
        metadata?.ownerReferences?.some(({ uid, controller }) => controller && uid === pool.uid),
      )
      .map((pod) => toMember(pod, pool, allocated))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async #pods({ name }: Pool, signal: AbortSignal) {
    const labelSelector = `${POOL_NAME_LABEL}=${name}`;
    const { items } = await this.#connection.call('list', signal, (options) =>
      this.#core.listNamespacedPod({ namespace: this.#namespace, labelSelector }, options),
    );
    return items;
  }

  /** Who holds members. Where their definition is missing, nobody can hold any. */
  async #batchSandboxes(signal: AbortSignal): Promise<readonly BatchSandbox[]> {
    const { group, version } = POOL_RESOURCE;
    try {
      const { items } = (await this.#connection.call('list', signal, (options) =>
        this.#objects.listNamespacedCustomObject(
          { group, version, plural: 'batchsandboxes', namespace: this.#namespace },
          options,
        ),
      )) as { items: readonly BatchSandbox[] };
      return items;
    } catch (error) {
      if (error instanceof WarmpoolError && error.code === 'KUBERNETES::CRD_NOT_INSTALLED') return [];
      throw error;
    }
  }
}
