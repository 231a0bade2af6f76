// Checks a cluster while it works: from before the first write, under tests and benchmarks.
import { setInterval } from 'node:timers/promises';
import { systemClock } from '../../../lib/clock.ts';
import type { ClusterConnection } from '../connection/cluster-connection.ts';
import { ResourceClient } from '../resource/resource-client.ts';
import type { Answer } from './answers.ts';
import { ClaimChecker, type CheckerOptions, type CheckReport } from './claim-checker.ts';
import { Follower } from './follower.ts';
import { KEY_LEASE_PREFIX, LEADER_LEASE, LEASE_VERSIONS, type LeaseVersion } from './lease-version.ts';
import { ObjectHistory } from './object-history.ts';
import { POD_VERSIONS } from './pod-version.ts';
import { POOL_VERSIONS } from './pool-version.ts';

const LEADER_POLL_MS = 1_000;
const CALL_DEADLINE_MS = 5_000;

export class ClusterChecker {
  readonly #core: ClaimChecker;
  readonly #pools;
  readonly #pods;
  readonly #leases: ResourceClient<LeaseVersion>;
  readonly #stop = new AbortController();
  #watchingLeader: Promise<void> | undefined;

  private constructor(connection: ClusterConnection, namespace: string, options: CheckerOptions) {
    const core = new ClaimChecker(options);
    const gap = core.gap.bind(core);
    this.#core = core;
    this.#pools = new Follower(new ResourceClient(connection, POOL_VERSIONS, namespace), {
      listed: (pools) => {
        core.poolsListed(pools, systemClock.now());
      },
      changed: ({ type, object }) => {
        core.pool(type, object, systemClock.now());
      },
      gap,
    });
    this.#pods = new Follower(new ResourceClient(connection, POD_VERSIONS, namespace), {
      listed: (pods) => {
        core.podsListed(pods, systemClock.now());
      },
      changed: ({ type, object }) => {
        core.pod(type, object, systemClock.now());
      },
      gap,
    });
    this.#leases = new ResourceClient(connection, LEASE_VERSIONS, namespace);
  }

  /** Resolves when every later write will be checked. The connection is closed by the caller, after `stop`. */
  static async start(connection: ClusterConnection, namespace: string, options: CheckerOptions = {}) {
    const checker = new ClusterChecker(connection, namespace, options);
    await checker.#pools.start();
    await checker.#pods.start();
    checker.#watchingLeader = checker.#watchLeader();
    return checker;
  }

  /** An answer that a client received. It is checked by the next `settle`. */
  answered(answer: Answer): void {
    this.#core.answered(answer);
  }

  /** What was broken by the writes and answers until now. Call it now and then while answers are recorded: it frees their memory. */
  async settle(): Promise<CheckReport> {
    const asOfMs = systemClock.now();
    await this.#pools.catchUp();
    await this.#pods.catchUp();
    this.#core.caughtUp(asOfMs);
    return this.#core.report();
  }

  /** As `settle`, and the state at the end: call it a minute after the last fault, while no client waits in line. */
  async final(): Promise<CheckReport> {
    const { objects } = await new ObjectHistory(this.#leases).list();
    const keys = objects.filter(({ metadata }) => metadata.name.startsWith(KEY_LEASE_PREFIX));
    await this.settle();
    const keyLeases = keys.map(({ metadata, content }) => ({ name: metadata.name, content }));
    this.#core.final(keyLeases, systemClock.now());
    return this.#core.report();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#pools.stop(), this.#pods.stop(), this.#watchingLeader]);
  }

  /** Polling is enough: a change of leader excuses what happened shortly before it, too. */
  async #watchLeader(): Promise<void> {
    const { signal } = this.#stop;
    const look = async () => {
      const { holder } = await this.#leases.get(LEADER_LEASE, AbortSignal.timeout(CALL_DEADLINE_MS));
      this.#core.leader(holder, systemClock.now());
    };
    try {
      // Without a Lease, or without the permission to read it, no change of leader is known.
      for await (const _tick of setInterval(LEADER_POLL_MS, undefined, { signal })) await look().catch(() => undefined);
    } catch {
      // Stopped.
    }
  }
}
