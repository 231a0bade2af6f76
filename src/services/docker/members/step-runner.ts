// Carries out the steps that change containers.
import type { MemberPlan } from '../template/member-plan.ts';
import { hasLeftTask, isRefusal, takenPort, textOf } from '../connection/daemon-error.ts';
import { ranStably } from './after-exit.ts';
import { createOptions, volumeName } from './container-spec.ts';
import { memberLabels } from './labels.ts';
import type { MemberContainer } from './member-containers.ts';
import type { MemberContext } from './member-context.ts';
import type { MemberRecord } from './member-record.ts';
import { removeContainer, unlessDone } from './removal.ts';
import type { Step } from './step.ts';
import type { StopLog } from './stop-log.ts';

export type ChangingStep = Extract<Step, { type: 'remove' | 'create' | 'start' | 'rejoin' }>;

type RecordAccess = {
  readonly record: () => MemberRecord;
  readonly update: (changes: Partial<MemberRecord>) => void;
};

/** The daemon does not create or start a container, and would not if it was tried again. */
export class StepRefusedError extends Error {
  constructor(cause: unknown) {
    super(`${textOf(cause)}.`, { cause });
  }
}

export class StepRunner {
  readonly #context: MemberContext;
  readonly #stops: StopLog;
  readonly #access: RecordAccess;
  /** Restarts in a row of each container. */
  readonly #restarts = new Map<string, number>();

  constructor(context: MemberContext, stops: StopLog, access: RecordAccess) {
    this.#context = context;
    this.#stops = stops;
    this.#access = access;
  }

  restartsOf(id: string): number {
    return this.#restarts.get(id) ?? 0;
  }

  async run(step: ChangingStep, plan: MemberPlan): Promise<void> {
    switch (step.type) {
      case 'remove':
        return this.#remove(step.containers);
      case 'create':
        return this.#write(() => this.#create(step, plan));
      case 'start':
        return this.#write(() => (step.isRestart ? this.#restart(step.container) : this.#start(step.container)));
      case 'rejoin':
        return this.#write(() => this.#rejoin(step.container));
    }
  }

  /** Rejects with StepRefusedError, or with an error after which it can be tried again. Does nothing if the member was stopped or restarted while it waited for its turn. */
  #write(task: () => Promise<unknown>): Promise<void> {
    const { stage, launch } = this.#access.record();
    return this.#context.writes.run(async () => {
      const now = this.#access.record();
      if (now.stage !== stage || now.launch !== launch) return;
      try {
        await task();
      } catch (error) {
        throw isRefusal(error) ? new StepRefusedError(error) : error;
      }
    });
  }

  async #remove(containers: readonly MemberContainer[]): Promise<void> {
    this.#restarts.clear();
    await Promise.all(containers.map(({ id }) => removeContainer(this.#context, id)));
  }

  async #create({ spec, mainId }: Extract<Step, { type: 'create' }>, plan: MemberPlan): Promise<void> {
    const { docker, placement } = this.#context;
    const record = this.#access.record();
    for (const name of plan.volumes) {
      const labels = memberLabels(placement.instance, record, { name, role: 'volume' });
      // Creating a volume that exists does nothing.
      await docker.createVolume({ Name: volumeName(placement, record, name), Labels: labels });
    }
    await docker.createContainer(createOptions(placement, record, plan, { ...spec, mainId }));
  }

  async #start({ id }: MemberContainer): Promise<void> {
    try {
      await unlessDone(this.#context.docker.getContainer(id).start());
    } catch (error) {
      const taken = takenPort(error);
      const isReplaceable = taken !== undefined || hasLeftTask(error);
      if (!isReplaceable || this.#access.record().stage !== 'launching') throw error;
      if (taken !== undefined) this.#replacePort(taken);
      // The next pass creates it again.
      await this.#context.docker.getContainer(id).remove({ force: true, v: true });
    }
  }

  /** 0 stands for a port that the daemon did not name. */
  #replacePort(taken: number): void {
    const { hostPorts } = this.#context;
    const ports = this.#access.record().ports.map((port) => {
      if (port.hostPort === undefined || (taken !== 0 && port.hostPort !== taken)) return port;
      const hostPort = hostPorts.take();
      hostPorts.release(port.hostPort);
      return { ...port, hostPort };
    });
    this.#access.update({ ports });
  }

  async #restart(container: MemberContainer): Promise<void> {
    this.#access.update({ isReady: false, message: `Container "${container.name}" restarts.` });
    await this.#start(container);
    this.#countRestart(container, 1);
  }

  /** It did not end by itself: this restart does not count towards those after which a launch has failed. */
  async #rejoin(container: MemberContainer): Promise<void> {
    this.#access.update({ isReady: false, message: `Container "${container.name}" restarts with the main container.` });
    this.#stops.expect(container.id);
    await this.#context.docker.getContainer(container.id).restart({ t: 0 });
    this.#countRestart(container, 0);
  }

  /** After the restart: one that the daemon could not carry out, and that is tried again, counts once. */
  #countRestart(container: MemberContainer, towardsFailure: 0 | 1): void {
    const { restarts, launchRestarts } = this.#access.record();
    this.#restarts.set(container.id, ranStably(container) ? 1 : this.restartsOf(container.id) + 1);
    this.#access.update({ restarts: restarts + 1, launchRestarts: launchRestarts + towardsFailure });
  }
}
