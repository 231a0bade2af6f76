// Gives pods a fresh start for their next holder: process 1 of each container is ended, and the kubelet starts it again.
import { rfc3339, type Clock } from '../../../lib/clock.ts';
import { RESTARTS_MAX } from '../../controller/recycler.ts';
import { MemberChanged } from '../../controller/ports.ts';
import type { RuntimeObserver } from '../../runtime-observer.ts';
import { WarmpoolError } from '../../warmpool-error.ts';
import type { ClusterConnection } from '../connection/cluster-connection.ts';
import type { ClaimMark } from './claim-mark.ts';
import { runInContainer } from './container-command.ts';
import { markPatch } from './mark-patches.ts';
import type { PodRecord } from './pod-record.ts';
import type { PodTable } from './pod-table.ts';
import type { PodWriter } from './pod-writer.ts';
import { restartOf } from './restart-state.ts';

type PodRestartsOptions = {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  readonly pods: PodTable;
  readonly writer: PodWriter;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'driverFailed'>;
};

const COMMAND = ['kill', '1'];
const DEADLINE_MS = 5_000;
/** How long after a refusal pods are deleted instead, before it is tried again. */
const REFUSAL_MS = 5 * 60_000;

const SHARED = 'its template has a restartPolicy other than Always, or shareProcessNamespace or hostPID';

export class PodRestarts {
  readonly #options: PodRestartsOptions;
  /** The revisions whose pods cannot be restarted, by the pool's uid. */
  readonly #unable = new Map<string, string>();
  #refusal: { readonly problem: string; readonly untilMs: number } | undefined;

  constructor(options: PodRestartsOptions) {
    this.#options = options;
  }

  /** Whether the pod can be restarted, as far as is known. The log says once for each revision of a pool why it cannot. */
  isPossible(pod: PodRecord): boolean {
    if (!pod.isRestartable) this.#report(pod, SHARED);
    const isRefused = this.#refusal !== undefined && this.#options.clock.now() < this.#refusal.untilMs;
    return !isRefused && this.#unable.get(pod.poolUid) !== pod.revision;
  }

  /** Resolves when process 1 of each container was asked to end; to false if the pod cannot be restarted. */
  async begin(pod: PodRecord): Promise<boolean> {
    if (pod.mark === undefined || !this.isPossible(pod)) return false;
    const running = restartOf(pod.mark, pod.containers)?.running ?? [];
    // An earlier attempt goes on with the containers that have not ended. One that is complete is only confirmed.
    const isContinued = pod.mark.state === 'restarting' && (running.length > 0 || pod.phase === 'ready');
    const attempt = (pod.mark.attempt ?? 0) + 1;
    if (attempt > RESTARTS_MAX) return false;
    const mark: ClaimMark = {
      ...pod.mark,
      state: 'restarting',
      attempt,
      restartedAt: rfc3339(this.#options.clock.now()),
      containers: isContinued ? pod.mark.containers : { ...pod.containers },
    };
    if (!(await this.#write(pod, mark))) return true;
    const names = isContinued ? running : Object.keys(pod.containers);
    const ends = await Promise.all(names.map((name) => this.#end(pod, name)));
    return !ends.includes(false);
  }

  /** Names the permission that is missing. */
  problems(): readonly string[] {
    return this.#refusal === undefined ? [] : [this.#refusal.problem];
  }

  /** False if the pod is gone. */
  async #write(pod: PodRecord, mark: ClaimMark): Promise<boolean> {
    const { writer } = this.#options;
    const outcome = await writer.patch(pod, markPatch(pod, mark));
    if (outcome === 'lost') throw new MemberChanged(`Pod "${pod.name}" has changed.`);
    return outcome === 'done';
  }

  /** False if the container cannot be restarted. */
  async #end(pod: PodRecord, container: string): Promise<boolean> {
    const { connection, namespace } = this.#options;
    const order = { namespace, pod: pod.name, container, command: COMMAND };
    try {
      const result = await runInContainer(connection, order, AbortSignal.timeout(DEADLINE_MS));
      this.#refusal = undefined;
      if (result.end === 'missing') this.#report(pod, `the image of container "${container}" has no executable "kill"`);
      // Process 1 may end before the exit code of `kill` arrives, and ends `kill` by a signal then.
      if (result.end !== 'exited' || result.code === 0 || result.code > 128) return result.end !== 'missing';
      throw new Error(`"kill 1" in container "${container}" of pod "${pod.name}" exited with code ${result.code}.`);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      this.#refuse(pod, error);
      return false;
    }
  }

  #refuse({ poolUid }: PodRecord, error: WarmpoolError): void {
    const { clock, observer } = this.#options;
    const problem = `Pods are deleted instead of restarted. Grant create and get on pods/exec: ${error.message}`;
    if (this.#refusal === undefined) observer.driverFailed(poolUid, new Error(problem, { cause: error }), REFUSAL_MS);
    this.#refusal = { problem, untilMs: clock.now() + REFUSAL_MS };
  }

  #report({ poolUid, poolName, revision }: PodRecord, reason: string): void {
    if (this.#unable.get(poolUid) === revision) return;
    this.#unable.set(poolUid, revision);
    const message = `Pods of pool "${poolName}" are deleted instead of restarted: ${reason}. Set recycleStrategy.type to Delete, or change the template.`;
    this.#options.observer.driverFailed(poolUid, new Error(message), 0);
  }
}

const isForbidden = (error: unknown): error is WarmpoolError =>
  error instanceof WarmpoolError && error.code === 'KUBERNETES::FORBIDDEN';
