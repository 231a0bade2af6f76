// All members of the driver: their records, their workers, and the feed of their changes.
import { ChangeFeed } from '../../../lib/change-feed.ts';
import type { MemberEvent } from '../../controller/ports.ts';
import type { Database } from '../../local/sqlite/database.ts';
import type { ContainerEvent } from '../connection/read-events.ts';
import { LABELS } from './labels.ts';
import type { MemberContext } from './member-context.ts';
import { toDriverMember, type MemberRecord } from './member-record.ts';
import { StoredMembers } from '../../local/sqlite/stored-members.ts';
import { MemberWorker } from './member-worker.ts';
import { removeContainer, removeOrphans } from './removal.ts';

type Change = Exclude<MemberEvent, { type: 'synced' }>;

type MemberRegistryOptions = Omit<MemberContext, 'store'> & { readonly database: Database };

export class MemberRegistry {
  readonly #context: MemberContext;
  readonly #table: StoredMembers<MemberRecord>;
  readonly #workers = new Map<string, MemberWorker>();
  readonly #feed = new ChangeFeed<Change>({
    keyOf: (change) => {
      if (change.type === 'preparation') return `preparation ${change.poolUid}`;
      return change.type === 'present' ? change.member.name : change.name;
    },
  });

  constructor({ database, ...context }: MemberRegistryOptions) {
    this.#table = new StoredMembers(database, 'docker_members');
    this.#context = {
      ...context,
      store: (name, record) => {
        this.#store(name, record);
      },
    };
    for (const record of this.#table.values()) this.#adopt(record);
  }

  get(name: string): MemberWorker | undefined {
    return this.#workers.get(name);
  }

  watch(signal: AbortSignal): AsyncIterable<MemberEvent> {
    return this.#feed.watch(() => Array.from(this.#table.values(), asPresent), signal);
  }

  publish(change: Change): void {
    this.#feed.publish(change);
  }

  /** Resolves when the first container of the member exists. */
  async add(record: MemberRecord): Promise<void> {
    // Before anything is created: what a killed server leaves behind is continued, or removed.
    try {
      this.#table.set(record.order.name, record);
    } catch (error) {
      this.#releasePorts(record);
      throw error;
    }
    const worker = this.#adopt(record);
    await worker.begin();
    this.#feed.publish(asPresent(worker.record));
  }

  /** Removes what belongs to no member, and has every member looked at again. */
  async sync(): Promise<void> {
    await removeOrphans(this.#context, this.#context.placement.instance, (name) => this.#table.has(name));
    for (const worker of this.#workers.values()) worker.reconnected();
  }

  /** Resolves when the members that ran were looked at. */
  async looked(): Promise<void> {
    const running = [...this.#workers.values()].filter(({ record }) => record.stage === 'running');
    await Promise.all(running.map((worker) => worker.settled()));
  }

  observe(event: ContainerEvent): void {
    const worker = this.#workers.get(event.attributes[LABELS.member] ?? '');
    if (worker) worker.observe(event);
    // A call of a server that was killed, which the daemon carried out later. If the removal fails, `sync` repeats it.
    else if (event.action === 'create' || event.action === 'start')
      removeContainer(this.#context, event.containerId).catch(() => undefined);
  }

  disconnected(): void {
    for (const worker of this.#workers.values()) worker.disconnected();
  }

  close(): void {
    for (const worker of this.#workers.values()) worker.close();
  }

  #adopt(record: MemberRecord): MemberWorker {
    const worker = new MemberWorker(record, this.#context);
    for (const { hostPort } of record.ports) if (hostPort !== undefined) this.#context.hostPorts.reserve(hostPort);
    this.#workers.set(record.order.name, worker);
    return worker;
  }

  #store(name: string, record: MemberRecord | undefined): void {
    // A step that ends after the driver was closed finds a closed database; the next start continues it.
    if (this.#context.closing.aborted) return;
    if (record === undefined) {
      this.#drop(name);
      return;
    }
    this.#table.set(name, record);
    this.#feed.publish(asPresent(record));
  }

  #drop(name: string): void {
    const record = this.#table.get(name);
    this.#table.delete(name);
    this.#workers.get(name)?.close();
    this.#workers.delete(name);
    if (record !== undefined) this.#releasePorts(record);
    this.#feed.publish({ type: 'gone', name });
  }

  #releasePorts({ ports }: MemberRecord): void {
    for (const { hostPort } of ports) if (hostPort !== undefined) this.#context.hostPorts.release(hostPort);
  }
}

const asPresent = (record: MemberRecord) => ({ type: 'present', member: toDriverMember(record) }) as const;
