// Checks what was written to a live cluster in the last minutes, without the clients' record.
import { compareVersions } from '../../../lib/compare-versions.ts';
import { isExpired } from '../connection/api-error.ts';
import { ClusterConnection } from '../connection/cluster-connection.ts';
import { findCluster, type KubeConfigOptions } from '../connection/kube-config.ts';
import { ResourceClient } from '../resource/resource-client.ts';
import { ClaimChecker, type CheckReport } from './claim-checker.ts';
import { LEASE_VERSIONS } from './lease-version.ts';
import { ObjectHistory, type Change } from './object-history.ts';
import { Past, type Sample } from './past.ts';
import { POD_VERSIONS, type PodVersion } from './pod-version.ts';
import { POOL_VERSIONS, type PoolVersion } from './pool-version.ts';

type Period = {
  /** From when on writes were checked, in epoch milliseconds; undefined where nothing says when they were written. */
  readonly sinceMs: number | undefined;
  readonly untilMs: number;
};

/** A write, and how the checker receives it. */
type Step = {
  readonly version: string;
  readonly writtenAtMs: number | undefined;
  readonly apply: (atMs: number) => void;
};

/** The oldest versions may be compacted while they are read. */
const ATTEMPTS_MAX = 3;

export class RecentCheck {
  /** Address of the cluster, and where it was found. */
  readonly where: string;
  readonly #connection: ClusterConnection;
  readonly #pods: ObjectHistory<PodVersion>;
  readonly #pools: ObjectHistory<PoolVersion>;
  readonly #past: Past;

  /** Throws KubeConfigError. */
  constructor(options: KubeConfigOptions) {
    const { kubeConfig, where, namespace } = findCluster(options);
    this.where = `${where}, namespace ${namespace}`;
    this.#connection = new ClusterConnection(kubeConfig);
    const pods = new ResourceClient(this.#connection, POD_VERSIONS, namespace);
    this.#pods = new ObjectHistory(pods);
    this.#pools = new ObjectHistory(new ResourceClient(this.#connection, POOL_VERSIONS, namespace));
    this.#past = new Past(new ResourceClient(this.#connection, LEASE_VERSIONS, namespace), (version) =>
      this.#pods.exists(String(version)),
    );
  }

  /**
   * Checks the writes since `sinceMs`, epoch milliseconds, or since the oldest that etcd has. Changes nothing.
   * Rejects with a WarmpoolError. The caller closes it afterwards.
   */
  async run(sinceMs: number): Promise<CheckReport & Period> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(sinceMs);
      } catch (error) {
        if (!isExpired(error) || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #attempt(sinceMs: number): Promise<CheckReport & Period> {
    const to = await this.#pods.now();
    const untilMs = Date.now();
    const from = String(await this.#past.versionAt(sinceMs, Number(to)));
    const pools = await this.#pools.list(from);
    const pods = await this.#pods.list(from);
    const [leaders, poolChanges, podChanges] = await Promise.all([
      this.#past.leaders(Number(from), Number(to)),
      this.#pools.changes(identitiesOf(pools.objects), from, to),
      this.#pods.changes(identitiesOf(pods.objects), from, to),
    ]);
    const core = new ClaimChecker();
    const steps = [
      ...leaders.map((sample) => leaderStep(core, sample)),
      ...poolChanges.map((change) => poolStep(core, change)),
      ...podChanges.map((change) => podStep(core, change)),
    ].sort((one, other) => compareVersions(one.version, other.version));

    const firstMs = steps.find(({ writtenAtMs }) => writtenAtMs !== undefined)?.writtenAtMs;
    let atMs = firstMs ?? untilMs;
    core.poolsListed(pools.objects, atMs);
    core.podsListed(pods.objects, atMs);
    for (const { writtenAtMs, apply } of steps) {
      // A deletion has no time, and clocks differ: time never goes back.
      atMs = Math.max(atMs, writtenAtMs ?? atMs);
      apply(atMs);
      core.caughtUp(atMs);
    }
    return { ...core.report(), sinceMs: firstMs, untilMs };
  }
}

const identitiesOf = (objects: readonly (PodVersion | PoolVersion)[]) => objects.map(({ metadata }) => metadata);

const leaderStep = (core: ClaimChecker, { version, holder, renewedAtMs }: Sample): Step => ({
  version: String(version),
  writtenAtMs: renewedAtMs,
  apply: (atMs) => {
    core.leader(holder, atMs);
  },
});

const poolStep = (core: ClaimChecker, { type, object }: Change<PoolVersion>): Step => ({
  version: object.metadata.resourceVersion,
  writtenAtMs: object.writtenAtMs,
  apply: (atMs) => {
    core.pool(type, object, atMs);
  },
});

const podStep = (core: ClaimChecker, { type, object }: Change<PodVersion>): Step => ({
  version: object.metadata.resourceVersion,
  writtenAtMs: object.writtenAtMs,
  apply: (atMs) => {
    core.pod(type, object, atMs);
  },
});
