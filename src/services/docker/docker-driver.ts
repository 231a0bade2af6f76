// Members as containers of a Docker daemon.
import Docker from 'dockerode';
import type { FoundViolation } from '../../contract/violations.ts';
import type { Clock } from '../../lib/clock.ts';
import { Semaphore } from '../../lib/semaphore.ts';
import type { MemberDriver, MemberEvent, MemberOrder, Preparation, PreparationOrder } from '../controller/ports.ts';
import type { Database } from '../local/sqlite/database.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { StartupError } from '../startup-error.ts';
import { boundedDocker } from './connection/bounded-docker.ts';
import { requireNetwork, unreachable } from './connection/check-daemon.ts';
import { DaemonLink } from './connection/daemon-link.ts';
import { dockerAddress } from './connection/docker-host.ts';
import { isNotFound } from './connection/daemon-error.ts';
import { ImagePuller } from './images/image-puller.ts';
import { HostPorts } from './members/host-ports.ts';
import { LABELS } from './members/labels.ts';
import { MemberRegistry } from './members/member-registry.ts';
import { newRecord } from './members/new-record.ts';
import { ProbeRunner } from './probes/probe-runner.ts';
import { toMemberPlan } from './template/member-plan.ts';
import { reviewTemplate } from './template/review-template.ts';

type DockerDriverOptions = {
  /** Address of the daemon: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`. */
  readonly host: string;
  /** Docker network of the members. It must exist. */
  readonly network: string;
  /** Whether templates may ask for what gives a container control of the machine. */
  readonly allowPrivileged: boolean;
  readonly clock: Clock;
  readonly observer: Pick<RuntimeObserver, 'driverFailed'>;
};

/** Calls to the daemon at once. More that create or start make each of them slower. */
const READS_MAX = 32;
const WRITES_MAX = 8;

/** Longest call, except for those that last as long as a container, a command or a pull. */
const CALL_MS = 60_000;

/** How long the start of the server waits until the containers that ran before were read. */
const FIRST_LOOK_MS = 3_000;

export class DockerDriver implements MemberDriver {
  readonly #options: DockerDriverOptions;
  readonly #instance: string;
  readonly #docker: Docker;
  readonly #link: DaemonLink;
  readonly #members: MemberRegistry;
  readonly #images: ImagePuller;
  readonly #hostPorts = new HostPorts();
  readonly #closing = new AbortController();

  private constructor(database: Database, options: DockerDriverOptions) {
    const { host, network, clock, observer } = options;
    this.#options = options;
    this.#instance = database.instanceId;
    // A connection of its own for every call: a daemon that is going down still responds on open ones, while its containers end.
    const connection = { ...dockerAddress(host), headers: { Connection: 'close' } };
    const docker = boundedDocker(connection, { callMs: CALL_MS, connection: () => this.#link.connection });
    this.#docker = docker;
    const longCalls = new Docker(connection);
    const members = new MemberRegistry({
      database,
      docker,
      longCalls,
      placement: { instance: this.#instance, network },
      planOf: (template) => this.#planOf(template),
      hostPorts: this.#hostPorts,
      probes: new ProbeRunner({ docker: longCalls, clock }),
      reads: new Semaphore(READS_MAX),
      writes: new Semaphore(WRITES_MAX),
      clock,
      observer,
      closing: this.#closing.signal,
    });
    this.#members = members;
    this.#link = new DaemonLink({
      docker: longCalls,
      host,
      label: `${LABELS.instance}=${this.#instance}`,
      clock,
      onEvent: members.observe.bind(members),
      onLost: members.disconnected.bind(members),
      sync: members.sync.bind(members),
    });
    this.#images = new ImagePuller({
      docker,
      longCalls,
      clock,
      onChange: (poolUid) => {
        members.publish({ type: 'preparation', poolUid });
      },
    });
  }

  /** Resolves when the members that ran before were read. Throws StartupError when the daemon cannot be used. */
  static async open(database: Database, options: DockerDriverOptions): Promise<DockerDriver> {
    const driver = new DockerDriver(database, options);
    try {
      await driver.#open();
      return driver;
    } catch (error) {
      driver.close();
      throw error instanceof StartupError ? error : unreachable(options.host, error);
    }
  }

  async #open(): Promise<void> {
    await this.#link.open();
    await requireNetwork(this.#docker, this.#options.network);
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const cancel = this.#options.clock.after(FIRST_LOOK_MS, () => {
      resolve(undefined);
    });
    await Promise.race([this.#members.looked(), late]);
    cancel();
  }

  review(template: MemberOrder['template']): readonly FoundViolation[] {
    return reviewTemplate(template, { allowPrivileged: this.#options.allowPrivileged });
  }

  prepare(order: PreparationOrder): Preparation {
    return this.#images.prepare(order);
  }

  async start(order: MemberOrder): Promise<void> {
    if (this.#link.problem !== undefined) throw new Error(this.#link.problem);
    const { network, clock } = this.#options;
    const placement = { instance: this.#instance, network };
    const plan = this.#planOf(order.template);
    const record = newRecord({ order, plan, placement, hostPorts: this.#hostPorts, nowMs: clock.now() });
    try {
      await this.#members.add(record);
    } catch (error) {
      // An image that somebody has removed since it was prepared.
      if (error instanceof Error && isNotFound(error.cause)) this.#images.forget(order.poolUid);
      throw error;
    }
  }

  async stop(name: string): Promise<void> {
    const worker = this.#members.get(name);
    if (worker === undefined || worker.record.stage === 'stopping') return;
    worker.update({ stage: 'stopping', stopByMs: this.#options.clock.now() + worker.record.graceSeconds * 1_000 });
  }

  async restart(name: string): Promise<void> {
    const worker = this.#members.get(name);
    if (worker === undefined || worker.record.stage === 'stopping') throw new Error(`member "${name}" does not run`);
    worker.relaunch();
  }

  problems(): readonly string[] {
    return this.#link.problem === undefined ? [] : [this.#link.problem];
  }

  watch(signal: AbortSignal): AsyncIterable<MemberEvent> {
    return this.#members.watch(signal);
  }

  close(): void {
    this.#closing.abort();
    this.#link.close();
    this.#images.close();
    this.#members.close();
  }

  #planOf(template: MemberOrder['template']) {
    return toMemberPlan(template, { allowPrivileged: this.#options.allowPrivileged });
  }
}
