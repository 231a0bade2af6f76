// Brings one member to its state, one step at a time. Level-triggered: every event leads to a pass that reads the member's
// containers and takes the next step, so an interrupted launch, stop or restart simply continues.
import { isUnreachable, textOf } from '../connection/daemon-error.ts';
import type { ContainerEvent } from '../connection/read-events.ts';
import { lostReadiness, stoppedByOther } from './after-exit.ts';
import { isOnHost } from './container-spec.ts';
import { isEndOf, LABELS } from './labels.ts';
import type { MemberContext } from './member-context.ts';
import { readContainers, type MemberContainer } from './member-containers.ts';
import { HOST_IP, type MemberRecord } from './member-record.ts';
import { nextLaunch } from './new-record.ts';
import { nextStep } from './next-step.ts';
import { PassLoop } from './pass-loop.ts';
import { Readiness } from './readiness.ts';
import { removeContainer, removeVolumes, stopContainer } from './removal.ts';
import { StepRefusedError, StepRunner } from './step-runner.ts';
import { StopLog } from './stop-log.ts';

export class MemberWorker {
  readonly #context: MemberContext;
  readonly #readiness: Readiness;
  readonly #steps: StepRunner;
  readonly #stops = new StopLog();
  readonly #loop: PassLoop;
  #record: MemberRecord;
  /** The main container was removed: the member's end, which the next pass stores. */
  #isRemoved = false;

  constructor(record: MemberRecord, context: MemberContext) {
    this.#record = record;
    this.#context = context;
    this.#loop = new PassLoop({
      clock: context.clock,
      pass: () => this.#passOrFail(),
      onFailure: (error, retryMs) => {
        if (!isUnreachable(error)) context.observer.driverFailed(record.order.poolUid, error, retryMs);
      },
    });
    // Callbacks and events only poke: a write that fails within a pass is tried again.
    this.#readiness = new Readiness(context.probes, () => {
      this.poke();
    });
    this.#steps = new StepRunner(context, this.#stops, {
      record: () => this.#record,
      update: (changes) => {
        this.update(changes);
      },
    });
  }

  get record(): MemberRecord {
    return this.#record;
  }

  /** Stores and reports changes, and takes the next step. */
  update(changes: Partial<MemberRecord>): void {
    const nowMs = this.#context.clock.now();
    const record = { ...this.#record, ...lostReadiness(this.#record, changes, nowMs), ...changes };
    this.#context.store(record.order.name, record);
    this.#record = record;
    if (record.stage !== 'running') this.#readiness.stop();
    this.poke();
  }

  /** Begins again with new containers, under the same names and host ports. */
  relaunch(): void {
    this.update(nextLaunch(this.#record, this.#context.clock.now()));
    this.#stops.clear();
    this.#isRemoved = false;
  }

  /** Creates the first container. Rejects when that is not possible; then nothing of the member is left. */
  begin(): Promise<void> {
    return this.#loop.runFirst(async () => {
      try {
        await this.#pass();
      } catch (error) {
        await this.#removeAll(0).catch(() => {
          this.update({ stage: 'stopping', stopByMs: 0 });
        });
        throw error instanceof StepRefusedError ? error : new Error(`${textOf(error)}.`, { cause: error });
      }
    });
  }

  /** Reads the containers and takes the next steps. */
  poke(): void {
    this.#loop.poke();
  }

  /** Resolves when there is nothing to do but wait. */
  settled(): Promise<void> {
    return this.#loop.settled();
  }

  observe(event: ContainerEvent): void {
    this.#stops.observe(event, this.#record.launch);
    // A signal by itself changes nothing; it says why the container ends later.
    if (event.action === 'kill') return;
    if (event.action === 'destroy' && isEndOf(this.#record, event.attributes)) this.#isRemoved = true;
    this.poke();
  }

  /** What ends while the daemon goes down was not stopped by anybody, although the daemon reports it so. */
  disconnected(): void {
    this.#stops.clear();
  }

  reconnected(): void {
    this.#readiness.stop();
    this.poke();
  }

  /** The member is gone, or the driver closes: no further step is taken. */
  close(): void {
    this.#loop.close();
    this.#readiness.stop();
  }

  async #passOrFail(): Promise<void> {
    try {
      await this.#pass();
    } catch (error) {
      if (!(error instanceof StepRefusedError)) throw error;
      if (this.#record.stage !== 'stopping') this.#fail(error.message);
    }
  }

  async #pass(): Promise<void> {
    const before = this.#record;
    const { stage, stopByMs = 0, order } = before;
    if (this.#isRemoved && stage !== 'stopping') {
      this.update({ stage: 'stopping', stopByMs: 0 });
      return;
    }
    if (stage === 'failed') return;
    const nowMs = this.#context.clock.now();
    if (stage === 'stopping') return this.#removeAll(Math.max(0, Math.ceil((stopByMs - nowMs) / 1_000)));
    if (stage === 'running' && this.#stops.ended !== undefined) return this.#failIfStopped();
    const plan = this.#context.planOf(order.template);
    const containers = await this.#read();
    // Stopped or restarted meanwhile: what was read no longer matters.
    if (this.#record !== before) {
      this.poke();
      return;
    }
    const stoppedByOthers = this.#stops.byOthers;
    const restartsOf = (id: string) => this.#steps.restartsOf(id);
    const step = nextStep({ record: before, plan, containers, stoppedByOthers, restartsOf, nowMs });
    switch (step.type) {
      case 'wait':
        this.#readiness.stop();
        if (before.isReady) this.update({ isReady: false, message: step.message });
        if (step.untilMs !== undefined) this.#loop.pokeAfter(step.untilMs - nowMs);
        return;
      case 'fail':
        this.#fail(step.message);
        return;
      case 'gone':
        this.update({ stage: 'stopping', stopByMs: nowMs });
        return;
      case 'up':
        this.#takeUp(step.containers);
        return;
      default:
        await this.#steps.run(step, plan);
        this.poke();
    }
  }

  /** Its containers need not be read, which takes long when many end at once. Only a daemon that goes down itself stops them, too. */
  async #failIfStopped(): Promise<void> {
    await this.#context.docker.ping();
    const { ended } = this.#stops;
    if (this.#record.stage === 'running' && ended !== undefined) this.#fail(stoppedByOther(ended));
    else this.poke();
  }

  #read(): Promise<MemberContainer[]> {
    const { docker, placement, reads } = this.#context;
    const labels = { [LABELS.instance]: placement.instance, [LABELS.member]: this.#record.order.name };
    return reads.run(() => readContainers(docker, labels));
  }

  #takeUp(containers: readonly MemberContainer[]): void {
    const { stage, address: known, order, isReady } = this.#record;
    const plan = this.#context.planOf(order.template);
    const address = containers[0]?.address;
    if (stage !== 'running' || address !== known) this.update({ stage: 'running', address });
    const targets = plan.containers.flatMap((one) => {
      const container = containers.find(({ name }) => name === one.name);
      return container ? [{ plan: one, container }] : [];
    });
    const host = address ?? (isOnHost(this.#context.placement, plan) ? HOST_IP : undefined);
    this.#readiness.watch(targets, host, isReady);
    this.#takeReadiness();
  }

  #takeReadiness(): void {
    const { stage, isReady, message: known } = this.#record;
    if (stage !== 'running') return;
    const { isReady: isNowReady, message, isFailed = false } = this.#readiness.state;
    const nowMs = this.#context.clock.now();
    if (isFailed) this.#fail(message ?? 'A startup probe failed.');
    else if (isNowReady && !isReady) this.update({ isReady: true, readyAtMs: nowMs, message: undefined });
    else if (!isNowReady && isReady) this.update({ isReady: false, message });
    else if (!isNowReady && message !== known) this.update({ message });
  }

  #fail(message: string): void {
    this.update({ stage: 'failed', isReady: false, message });
  }

  async #removeAll(graceSeconds: number): Promise<void> {
    const { placement, store } = this.#context;
    const { name } = this.#record.order;
    const containers = await this.#read();
    const running = containers.filter(({ state }) => state === 'running');
    if (graceSeconds > 0) await Promise.all(running.map(({ id }) => stopContainer(this.#context, id, graceSeconds)));
    await Promise.all(containers.map(({ id }) => removeContainer(this.#context, id)));
    await removeVolumes(this.#context, { [LABELS.instance]: placement.instance, [LABELS.member]: name });
    store(name, undefined);
  }
}
