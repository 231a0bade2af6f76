// Whether the containers of a member pass their probes.
import type { ContainerPlan } from '../template/member-plan.ts';
import type { ProbeRunner } from '../probes/probe-runner.ts';
import type { MemberContainer } from './member-containers.ts';

type ReadinessState = { readonly isReady: boolean; readonly message?: string; readonly isFailed?: boolean };

type Watch = { readonly startedAtMs: number; readonly stop: () => void; state: ReadinessState };

type Target = { readonly container: MemberContainer; readonly plan: ContainerPlan };

export class Readiness {
  readonly #probes: ProbeRunner;
  readonly #onChange: () => void;
  readonly #watches = new Map<string, Watch>();

  constructor(probes: ProbeRunner, onChange: () => void) {
    this.#probes = probes;
    this.#onChange = onChange;
  }

  /** Ready when every container with probes is. */
  get state(): ReadinessState {
    const states = Array.from(this.#watches.values(), ({ state }) => state);
    return states.find(({ isFailed }) => isFailed) ?? states.find(({ isReady }) => !isReady) ?? { isReady: true };
  }

  /** Watches these containers, as long as they run: a restarted one is watched again. `isReady` is assumed until its probes say. */
  watch(targets: readonly Target[], address: string | undefined, isReady: boolean): void {
    const ids = new Set(targets.map(({ container }) => container.id));
    for (const id of this.#watches.keys()) if (!ids.has(id)) this.#stop(id);
    for (const target of targets) this.#watchOne(target, address, isReady);
  }

  stop(): void {
    for (const id of this.#watches.keys()) this.#stop(id);
  }

  #watchOne({ container, plan }: Target, address: string | undefined, isReady: boolean): void {
    const { id, startedAtMs } = container;
    const { startupProbe: startup, readinessProbe: readiness } = plan;
    if ((!startup && !readiness) || this.#watches.get(id)?.startedAtMs === startedAtMs) return;
    this.#stop(id);
    const probes = { ...(startup && { startup }), ...(readiness && { readiness }) };
    const onChange = (state: ReadinessState) => {
      // The last report of a watch may arrive after its end.
      if (this.#watches.get(id) !== watch) return;
      watch.state = state;
      this.#onChange();
    };
    const watch: Watch = {
      startedAtMs,
      state: { isReady },
      stop: () => {
        end?.();
      },
    };
    this.#watches.set(id, watch);
    let end: (() => void) | undefined = undefined;
    end = this.#probes.watch({ containerId: id, address, isReady, ...probes, onChange });
  }

  #stop(id: string): void {
    const watch = this.#watches.get(id);
    this.#watches.delete(id);
    watch?.stop();
  }
}
