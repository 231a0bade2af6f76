// Writes of the past. The API server's watch reaches back little more than a minute; what etcd has not compacted yet, 5 to 10 minutes, can be listed at an exact version.
import { compareVersions } from '../../../lib/compare-versions.ts';
import { Semaphore } from '../../../lib/semaphore.ts';
import { isExpired } from '../connection/api-error.ts';
import type { ResourceClient } from '../resource/resource-client.ts';
import type { WatchEvent } from '../resource/watch-events.ts';

export type Identified = { readonly metadata: Identity };
export type Identity = { readonly name: string; readonly uid: string; readonly resourceVersion: string };
export type Change<T> = Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>;

const CALL_DEADLINE_MS = 10_000;
const PAGE_SIZE = 1_000;
const CONCURRENCY = 8;
/** Between two lists: an object that is created and deleted within so many versions, or a hundredth of all, is not seen. */
const STEP_VERSIONS = 500;
const LISTS_MAX = 100;
/** A watch that its server ends in order has sent everything that was written before it began. */
const WATCH_SECONDS = 3;
/** The oldest version moves on while a history is read. */
const ATTEMPTS_MAX = 5;

export class ObjectHistory<T extends Identified> {
  readonly #client: ResourceClient<T>;
  readonly #semaphore = new Semaphore(CONCURRENCY);

  constructor(client: ResourceClient<T>) {
    this.#client = client;
  }

  /** Version of the cluster now. */
  async now(): Promise<string> {
    return (await this.#client.list({ limit: 1 }, deadline())).metadata.resourceVersion;
  }

  /** Rejects with an expired error if the version is compacted. */
  async exists(version: string): Promise<void> {
    await this.#client.list({ limit: 1, ...exactly(version) }, deadline());
  }

  /** The objects now, or at an exact version; rejects with an expired error if that is compacted. */
  async list(version?: string): Promise<{ objects: T[]; version: string }> {
    const objects: T[] = [];
    let token = '';
    for (;;) {
      const from = token === '' ? exactly(version) : { continue: token };
      const { items, metadata } = await this.#client.list({ limit: PAGE_SIZE, ...from }, deadline());
      objects.push(...items);
      token = metadata.continue ?? '';
      if (token === '') return { objects, version: metadata.resourceVersion };
    }
  }

  /**
   * All changes after `from`, up to `to` at least, in order: of the oldest, what etcd has, then what the watch has.
   * Rejects with an expired error if `from` is compacted. @param before The objects at `from`.
   */
  async changes(before: readonly Identity[], from: string, to: string): Promise<Change<T>[]> {
    let watchFrom = from;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const watched = await this.#watch(watchFrom, to);
        return [...(await this.#walk(before, from, watchFrom)), ...watched];
      } catch (error) {
        if (!isExpired(error) || watchFrom === to) throw error;
        const oldest = attempt < ATTEMPTS_MAX ? oldestWatchable(error) : to;
        watchFrom = compareVersions(oldest, watchFrom) > 0 && compareVersions(oldest, to) < 0 ? oldest : to;
      }
    }
  }

  async #watch(from: string, to: string): Promise<Change<T>[]> {
    const changes: Change<T>[] = [];
    if (compareVersions(from, to) >= 0) return changes;
    for await (const event of await this.#client.watch(from, WATCH_SECONDS, deadline())) {
      if (event.type !== 'BOOKMARK') changes.push(event);
      if (compareVersions(event.object.metadata.resourceVersion, to) >= 0) break;
    }
    return changes;
  }

  /** The changes that exact lists show. */
  async #walk(before: readonly Identity[], from: string, to: string): Promise<Change<T>[]> {
    const changes: Change<T>[] = [];
    let known = before;
    const step = Math.max(STEP_VERSIONS, Math.ceil((Number(to) - Number(from)) / LISTS_MAX));
    for (let start = Number(from); start < Number(to); start += step) {
      const end = Math.min(start + step, Number(to));
      const { objects } = await this.list(String(end));
      changes.push(...(await this.#compare(known, objects, start, end)));
      known = objects.map(({ metadata }) => metadata);
    }
    return changes;
  }

  async #compare(before: readonly Identity[], after: readonly T[], start: number, end: number): Promise<Change<T>[]> {
    const known = new Map(before.map((identity) => [identity.uid, identity]));
    const left = new Set(after.map(({ metadata }) => metadata.uid));
    const changed = after.filter(
      ({ metadata: { uid, resourceVersion } }) => known.get(uid)?.resourceVersion !== resourceVersion,
    );
    const deleted = before.filter(({ uid }) => !left.has(uid));
    const found = await Promise.all([
      ...changed.map((object) => this.#versionsOf(object, known.has(object.metadata.uid), start)),
      ...deleted.map((identity) => this.#deletionOf(identity, start, end)),
    ]);
    return found.flat().sort((one, other) => compareVersions(versionOf(one), versionOf(other)));
  }

  /** The versions of an object after `start`, back from its newest one. */
  async #versionsOf(newest: T, wasKnown: boolean, start: number): Promise<Change<T>[]> {
    const changes: Change<T>[] = [];
    const { name, uid } = newest.metadata;
    let object: T | undefined = newest;
    while (object?.metadata.uid === uid && Number(object.metadata.resourceVersion) > start) {
      changes.push({ type: 'MODIFIED', object });
      object = await this.#find(name, Number(object.metadata.resourceVersion) - 1);
    }
    const first = changes.at(-1);
    if (first && !wasKnown) changes.splice(-1, 1, { type: 'ADDED', object: first.object });
    return changes;
  }

  async #deletionOf({ name, uid }: Identity, start: number, end: number): Promise<Change<T>[]> {
    let [present, absent] = [start, end];
    let last: T | undefined;
    while (absent - present > 1) {
      const middle = Math.floor((present + absent) / 2);
      const object = await this.#find(name, middle);
      if (object?.metadata.uid === uid) [present, last] = [middle, object];
      else absent = middle;
    }
    last ??= await this.#find(name, start);
    if (last?.metadata.uid !== uid) return [];
    const metadata = { ...last.metadata, resourceVersion: String(absent) };
    return [...(await this.#versionsOf(last, true, start)), { type: 'DELETED', object: { ...last, metadata } }];
  }

  async #find(name: string, version: number): Promise<T | undefined> {
    const options = { fieldSelector: `metadata.name=${name}`, ...exactly(String(version)) };
    return this.#semaphore.run(async () => (await this.#client.list(options, deadline())).items[0]);
  }
}

const deadline = () => AbortSignal.timeout(CALL_DEADLINE_MS);
const versionOf = ({ object }: Change<Identified>) => object.metadata.resourceVersion;
const exactly = (version: string | undefined) =>
  version === undefined ? {} : ({ resourceVersion: version, resourceVersionMatch: 'Exact' } as const);

/** The oldest version from which the API server can watch. Its message is "too old resource version: 207 (311)". */
const oldestWatchable = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  const body = typeof cause === 'object' && cause !== null && 'body' in cause ? cause.body : '';
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return /too old resource version: \d+ \((\d+)\)/.exec(text)?.[1] ?? '0';
};
