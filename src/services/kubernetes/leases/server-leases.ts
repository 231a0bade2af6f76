// What a server knows of all servers by their Leases: which are alive, and which callers wait in their lines.
import type { Clock } from '../../../lib/clock.ts';
import { compareVersions } from '../../../lib/compare-versions.ts';
import type { ObjectStore } from '../cache/reflector.ts';
import type { Lease } from './lease.ts';
import { SERVER_ALIVE_MS, type ServerLease } from './server-lease.ts';
import { parseWaiting, WAITING, type Waiting } from './waiting.ts';

type ServerLeasesOptions = {
  /** This server: always alive, and its line is read directly. */
  readonly own: Pick<ServerLease, 'identity' | 'waiting'>;
  readonly clock: Clock;
};

type Known = {
  readonly metadata: Pick<Lease['metadata'], 'name' | 'uid' | 'resourceVersion'>;
  readonly identity: string;
  readonly text: string;
  /** Another object whenever the text is another. */
  readonly waiting: Waiting;
  /** When this server received the last change, by its own monotonic clock. */
  readonly changedMs: number;
};

/** Without what it receives from a Reflector, a server knows only itself. */
export class ServerLeases implements ObjectStore<Lease> {
  readonly #options: ServerLeasesOptions;
  readonly #servers = new Map<string, Known>();
  readonly #subscribers = new Set<() => void>();
  /** Of the other servers that are alive, as the subscribers know it. */
  #shown: readonly Waiting[] = [];
  #cancelTimer: () => void = () => undefined;

  constructor(options: ServerLeasesOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#servers.size === 0;
  }

  put(lease: Lease): void {
    this.#keep(lease);
    this.#changed();
  }

  delete({ metadata }: Lease): void {
    if (this.#servers.get(metadata.name)?.metadata.uid === metadata.uid) this.#servers.delete(metadata.name);
    this.#changed();
  }

  replace(leases: readonly Lease[]): void {
    const listed = new Set(leases.map(({ metadata }) => metadata.name));
    for (const name of this.#servers.keys()) if (!listed.has(name)) this.#servers.delete(name);
    for (const lease of leases) this.#keep(lease);
    this.#changed();
  }

  clear(): void {
    this.#servers.clear();
    this.#changed();
  }

  /** Cancels the timer. */
  close(): void {
    this.#cancelTimer();
  }

  /** Calls `onChange` when another server appears, drops out, or publishes other callers. Returns how to end that. */
  subscribe(onChange: () => void): () => void {
    this.#subscribers.add(onChange);
    return () => this.#subscribers.delete(onChange);
  }

  /** Identities of the servers whose Lease has changed within the last 30 s, sorted; this one included. */
  alive(): readonly string[] {
    const { own } = this.#options;
    return [own.identity, ...this.#others().map(({ identity }) => identity)].sort();
  }

  /** Tokens of the callers that wait in the lines of the servers that are alive, by the uid of their pool. */
  waiting(): ReadonlyMap<string, ReadonlySet<string>> {
    const { own } = this.#options;
    const all = new Map<string, Set<string>>();
    for (const { waiting } of [own, ...this.#others()])
      for (const [uid, tokens] of waiting) {
        const known = all.get(uid) ?? new Set();
        all.set(uid, known);
        for (const token of tokens) known.add(token);
      }
    return all;
  }

  /** Leases of other servers that have not changed for `forMs`, with the preconditions to delete them. */
  silent(forMs: number): readonly Known['metadata'][] {
    const sinceMs = this.#options.clock.monotonic() - forMs;
    return [...this.#servers.values()]
      .filter(({ identity, changedMs }) => identity !== this.#options.own.identity && changedMs <= sinceMs)
      .map(({ metadata }) => metadata);
  }

  #others(): Known[] {
    const { own, clock } = this.#options;
    const sinceMs = clock.monotonic() - SERVER_ALIVE_MS;
    return [...this.#servers.values()].filter(
      ({ identity, changedMs }) => identity !== own.identity && changedMs > sinceMs,
    );
  }

  #keep({ metadata, spec }: Lease): void {
    const { name, uid, resourceVersion } = metadata;
    const known = this.#servers.get(name);
    // A list sends again what has not changed.
    if (known !== undefined && compareVersions(resourceVersion, known.metadata.resourceVersion) <= 0) return;
    const text = metadata.annotations?.[WAITING] ?? '';
    this.#servers.set(name, {
      metadata: { name, uid, resourceVersion },
      identity: spec.holderIdentity ?? '',
      text,
      waiting: known?.text === text ? known.waiting : parseWaiting(text),
      changedMs: this.#options.clock.monotonic(),
    });
  }

  /** Calls the subscribers if there is something new, and again when the next server drops out. */
  #changed(): void {
    const { clock } = this.#options;
    const others = this.#others();
    this.#cancelTimer();
    if (others.length > 0) {
      const dueMs = Math.min(...others.map(({ changedMs }) => changedMs)) + SERVER_ALIVE_MS;
      this.#cancelTimer = clock.after(Math.ceil(dueMs - clock.monotonic()), () => {
        this.#changed();
      });
    }
    const shown = others.map(({ waiting }) => waiting);
    if (shown.length === this.#shown.length && shown.every((waiting, index) => waiting === this.#shown[index])) return;
    this.#shown = shown;
    for (const onChange of this.#subscribers) onChange();
  }
}
