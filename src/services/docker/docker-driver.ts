// Members as containers of a Docker daemon.
import Docker from 'dockerode';
import { ChangeFeed } from '../../lib/change-feed.ts';
import type { Clock } from '../../lib/clock.ts';
import { Semaphore } from '../../lib/semaphore.ts';
import type { FoundViolation } from '../../contract/violations.ts';
import type { MemberDriver, MemberEvent, MemberOrder, Preparation, PreparationOrder } from '../controller/ports.ts';
import type { Database } from '../local/sqlite/database.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import { StartupError } from '../startup-error.ts';
import { textOf } from './connection/daemon-error.ts';
import { DaemonLink } from './connection/daemon-link.ts';
import { dockerAddress } from './connection/docker-host.ts';
import type { ContainerEvent } from './connection/read-events.ts';
import { ImagePuller } from './images/image-puller.ts';
import { HostPorts } from './members/host-ports.ts';
import { LABELS, withLabels } from './members/labels.ts';
import { newRecord } from './members/new-record.ts';
import type { MemberContext } from './members/member-context.ts';
import { toDriverMember, type MemberRecord } from './members/member-record.ts';
import { MemberTable } from './members/member-table.ts';
import { MemberWorker } from './members/member-worker.ts';
import { removeContainer, removeVolumes } from './members/removal.ts';
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

type Change = Exclude<MemberEvent, { type: 'synced' }>;

/** Calls to the daemon at once. */
const READS_MAX = 32;
const WRITES_MAX = 8;

/** How long the start of the server waits for the containers that ran before to be read. */
const FIRST_LOOK_MS = 3_000;

export class DockerDriver implements MemberDriver {
  readonly #options: DockerDriverOptions;
  readonly #docker: Docker;
  readonly #link: DaemonLink;
  readonly #table: MemberTable;
  readonly #workers = new Map<string, MemberWorker>();
  readonly #closing = new AbortController();
  readonly #context: MemberContext;
  readonly #images: ImagePuller;
  readonly #feed = new ChangeFeed<Change>({
    keyOf: (change) => {
      if (change.type === 'preparation') return `preparation ${change.poolUid}`;
      return change.type === 'present' ? change.member.name : change.name;
    },
  });

  private constructor(database: Database, options: DockerDriverOptions) {
    const { host, network, clock, observer, allowPrivileged } = options;
    this.#options = options;
    // A connection of its own for every call: a daemon that is going down still answers on open ones, while its containers end.
    this.#docker = new Docker({ ...dockerAddress(host), headers: { Connection: 'close' } });
    this.#table = new MemberTable(database);
    const instance = database.instanceId;
    this.#link = new DaemonLink({
      docker: this.#docker,
      host,
      label: `${LABELS.instance}=${instance}`,
      clock,
      onEvent: (event) => {
        this.#take(event);
      },
      onLost: () => {
        for (const worker of this.#workers.values()) worker.disconnected();
      },
      sync: () => this.#sync(),
    });
    this.#images = new ImagePuller({
      docker: this.#docker,
      clock,
      onChange: (poolUid) => {
        this.#feed.publish({ type: 'preparation', poolUid });
      },
    });
    this.#context = {
      docker: this.#docker,
      placement: { instance, network },
      planOf: (template) => toMemberPlan(template, { allowPrivileged }),
      hostPorts: new HostPorts(),
      probes: new ProbeRunner({ docker: this.#docker, clock }),
      reads: new Semaphore(READS_MAX),
      writes: new Semaphore(WRITES_MAX),
      clock,
      observer,
      closing: this.#closing.signal,
      store: (name, record) => {
        this.#store(name, record);
      },
    };
    for (const record of this.#table.values()) this.#adopt(record);
  }

  /** Resolves when the members that ran before were read. Throws StartupError when the daemon cannot be used. */
  static async open(database: Database, options: DockerDriverOptions): Promise<DockerDriver> {
    const driver = new DockerDriver(database, options);
    try {
      await driver.#open();
      return driver;
    } catch (error) {
      driver.close();
      throw error instanceof StartupError ? error : driver.#unreachable(error);
    }
  }

  async #open(): Promise<void> {
    await this.#link.open();
    const { network, clock } = this.#options;
    const networks = await this.#docker.listNetworks();
    if (!networks.some(({ Name, Id }) => Name === network || Id === network))
      throw new StartupError(
        `The Docker network "${network}" does not exist. Create it with "docker network create ${network}", or set [local.docker] network.`,
      );
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(FIRST_LOOK_MS, resolve);
    const running = [...this.#workers.values()].filter(({ record }) => record.stage === 'running');
    await Promise.race([Promise.all(running.map((worker) => worker.settled())), late]);
    cancel();
  }

  #unreachable(cause: unknown): StartupError {
    const { host } = this.#options;
    return new StartupError(
      `The Docker daemon at ${host} cannot be used: ${textOf(cause)}. Start it, or set DOCKER_HOST or [local.docker] host, or use the driver simulated.`,
      { cause },
    );
  }

  review(template: MemberOrder['template']): readonly FoundViolation[] {
    return reviewTemplate(template, { allowPrivileged: this.#options.allowPrivileged });
  }

  prepare(order: PreparationOrder): Preparation {
    return this.#images.prepare(order);
  }

  async start(order: MemberOrder): Promise<void> {
    const { clock, placement, planOf, hostPorts } = this.#context;
    if (this.#link.problem !== undefined) throw new Error(this.#link.problem);
    const record = newRecord({ order, plan: planOf(order.template), placement, hostPorts, nowMs: clock.now() });
    // Before anything is created: what a killed server leaves behind is continued, or removed.
    this.#table.set(order.name, record);
    const worker = this.#adopt(record);
    await worker.begin();
    this.#publish(worker.record);
  }

  async stop(name: string): Promise<void> {
    const worker = this.#workers.get(name);
    if (worker === undefined || worker.record.stage === 'stopping') return;
    worker.update({ stage: 'stopping', stopByMs: this.#options.clock.now() + worker.record.graceSeconds * 1_000 });
  }

  async restart(name: string): Promise<void> {
    const worker = this.#workers.get(name);
    if (worker === undefined || worker.record.stage === 'stopping') throw new Error(`member "${name}" does not run`);
    worker.update({
      stage: 'launching',
      launch: worker.record.launch + 1,
      startingSinceMs: this.#options.clock.now(),
      isReady: false,
      readyAtMs: undefined,
      hasBeenReady: false,
      launchRestarts: 0,
      message: undefined,
    });
  }

  problems(): readonly string[] {
    return this.#link.problem === undefined ? [] : [this.#link.problem];
  }

  watch(signal: AbortSignal): AsyncIterable<MemberEvent> {
    return this.#feed.watch(
      () =>
        Array.from(this.#table.values(), (record) => ({ type: 'present', member: toDriverMember(record) }) as const),
      signal,
    );
  }

  close(): void {
    this.#closing.abort();
    this.#link.close();
    this.#images.close();
    for (const worker of this.#workers.values()) worker.close();
  }

  #adopt(record: MemberRecord): MemberWorker {
    const worker = new MemberWorker(record, this.#context);
    for (const { hostPort } of record.ports) if (hostPort !== undefined) this.#context.hostPorts.reserve(hostPort);
    this.#workers.set(record.order.name, worker);
    return worker;
  }

  #store(name: string, record: MemberRecord | undefined): void {
    // A step that ends after `close` finds a closed database; the next start continues it.
    if (this.#closing.signal.aborted) return;
    if (record !== undefined) {
      this.#table.set(name, record);
      this.#publish(record);
      return;
    }
    const { ports } = this.#table.get(name) ?? { ports: [] };
    this.#table.delete(name);
    this.#workers.get(name)?.close();
    this.#workers.delete(name);
    for (const { hostPort } of ports) if (hostPort !== undefined) this.#context.hostPorts.release(hostPort);
    this.#feed.publish({ type: 'gone', name });
  }

  #publish(record: MemberRecord): void {
    this.#feed.publish({ type: 'present', member: toDriverMember(record) });
  }

  #take(event: ContainerEvent): void {
    const worker = this.#workers.get(event.attributes[LABELS.member] ?? '');
    if (worker) worker.observe(event);
    // A call of a server that was killed, which the daemon carried out later.
    else if (event.action === 'create' || event.action === 'start') void this.#removeOrphan(event.containerId);
  }

  async #removeOrphan(id: string): Promise<void> {
    try {
      await removeContainer(this.#context, id);
    } catch {
      // The next `#sync` tries again.
    }
  }

  /** Removes what belongs to no member, and has every member looked at again. */
  async #sync(): Promise<void> {
    const mine = { [LABELS.instance]: this.#context.placement.instance };
    const isKept = (labels: Readonly<Record<string, string>>) => this.#table.has(labels[LABELS.member] ?? '');
    const containers = await this.#docker.listContainers({ all: true, filters: withLabels(mine) });
    const orphans = containers.filter(({ Labels }) => !isKept(Labels));
    await Promise.all(orphans.map(({ Id }) => removeContainer(this.#context, Id)));
    await removeVolumes(this.#context, mine, isKept);
    for (const worker of this.#workers.values()) worker.reconnected();
  }
}
