// How many callers of all servers wait for a member of each pool.
import type { MemberTable } from '../../controller/member-table.ts';
import type { ServerLeases } from '../leases/server-leases.ts';
import type { PodTable } from '../pods/pod-table.ts';

type DemandOptions = {
  readonly members: MemberTable;
  readonly servers: Pick<ServerLeases, 'waiting' | 'subscribe'>;
  readonly pods: PodTable;
};

/** Keeps `unmet` of the member table equal to the callers that no mark serves. */
export class Demand {
  readonly #options: DemandOptions;
  /** Callers that a mark serves, by the name of the pod. */
  readonly #served = new Map<string, string>();
  #pools: ReadonlySet<string> = new Set();

  constructor(options: DemandOptions) {
    this.#options = options;
    const { servers, pods } = options;
    servers.subscribe(() => {
      this.update();
    });
    pods.subscribe({
      present: ({ name, mark }) => {
        this.#serve(name, mark?.caller);
      },
      gone: ({ name }) => {
        this.#serve(name, undefined);
      },
    });
  }

  /** Counts again: who waits at this server has changed. */
  update(): void {
    const { members, servers } = this.#options;
    const waiting = servers.waiting();
    const served = new Set(this.#served.values());
    for (const uid of this.#pools) if (!waiting.has(uid)) members.setUnmet(uid, 0);
    for (const [uid, tokens] of waiting)
      members.setUnmet(uid, [...tokens].filter((token) => !served.has(token)).length);
    this.#pools = new Set(waiting.keys());
  }

  #serve(pod: string, caller: string | undefined): void {
    if (this.#served.get(pod) === caller) return;
    if (caller === undefined) this.#served.delete(pod);
    else this.#served.set(pod, caller);
    this.update();
  }
}
