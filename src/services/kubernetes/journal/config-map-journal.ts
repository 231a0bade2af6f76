// The decisions of the pool controller on Kubernetes: the newest 100 of each pool in a ConfigMap.
import { isNotFound, isOutOfDate } from '../resource/call-outcome.ts';
import type { Decision } from '../../../contract/decision.ts';
import type { LastDecision } from '../../../contract/summary.ts';
import { isSameJson } from '../../../lib/canonical-json.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { DecisionJournal } from '../../controller/ports.ts';
import type { PoolIndex } from '../../pools/pool-index.ts';
import type { Pool } from '../../pools/pool.ts';
import type { DecisionReader } from '../../pools/ports.ts';
import { Reflector } from '../cache/reflector.ts';
import { SyncStatus } from '../cache/sync-status.ts';
import type { ClusterConnection } from '../connection/cluster-connection.ts';
import { ResourceClient } from '../resource/resource-client.ts';
import { DecisionCache } from './decision-cache.ts';
import { CONFIG_MAPS, DECISIONS_SELECTOR, decisionMapName, KEPT_DECISIONS, toDecisionMap } from './decision-map.ts';
import type { ConfigMap } from './decision-map.ts';
import { PacedWriter } from './paced-writer.ts';
import { storable } from './storable-decision.ts';

type ConfigMapJournalOptions = {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  /** The pools that exist. */
  readonly pools: Pick<PoolIndex, 'getByUid'>;
  /** Checked before every write: what another server decides in the meantime is not overwritten. */
  readonly isLeader: () => boolean;
  readonly clock: Clock;
  /** After how many seconds the API server ends a watch. Default 15. */
  readonly watchSeconds?: number | undefined;
};

/** At most two writes a second. */
const PAUSE_MS = 500;
const CLOSE_MS = 3_000;
/** Of a list: 6 MB at most. */
const PAGE_SIZE = 100;

/**
 * The leader writes, at most twice a second for all pools, the pool that has waited longest first. So while n pools wait, a
 * crash loses their decisions of the last n / 2 seconds; nothing else is lost. Every server reads from a watch of the
 * ConfigMaps, the leader also what it has not written yet. When writes fail, decisions stay in the leader's memory.
 */
export class ConfigMapJournal implements DecisionJournal, DecisionReader {
  readonly #options: ConfigMapJournalOptions;
  readonly #client: ResourceClient<ConfigMap>;
  readonly #cache = new DecisionCache();
  readonly #status: SyncStatus;
  readonly #reflector: Reflector<ConfigMap>;
  readonly #writer: PacedWriter;
  /** Decisions of each pool that are not known to be stored, newest first. */
  readonly #unwritten = new Map<string, readonly Decision[]>();

  constructor(options: ConfigMapJournalOptions) {
    this.#options = options;
    const { connection, namespace, clock, watchSeconds } = options;
    const client = new ResourceClient(connection, CONFIG_MAPS, namespace);
    this.#client = client;
    this.#status = new SyncStatus(clock, () => undefined);
    this.#reflector = new Reflector({
      listWatch: {
        list: (page, signal) => client.list({ ...page, limit: PAGE_SIZE, labelSelector: DECISIONS_SELECTOR }, signal),
        watch: (version, seconds, signal) => client.watch(version, seconds, signal, DECISIONS_SELECTOR),
        checkNamespace: (signal) => client.checkNamespace(signal),
      },
      store: this.#cache,
      status: this.#status,
      watchSeconds,
    });
    this.#writer = new PacedWriter({ write: (uid, signal) => this.#write(uid, signal), pauseMs: PAUSE_MS, clock });
  }

  /** Starts the watch; returns at once. */
  start(): void {
    this.#reflector.start();
  }

  /** Writes what waits, within 3 s, and stops. Call it before leadership is given up. */
  async close(): Promise<void> {
    await this.#writer.close(CLOSE_MS);
    await this.#reflector.stop();
  }

  /** Sentences that say what does not work; empty when everything does. */
  problems(): readonly string[] {
    const { problem: unwritten } = this.#writer;
    const { problem: unread } = this.#status;
    return [
      ...(unwritten === undefined ? [] : [`Decisions are not stored: ${unwritten}`]),
      ...(unread === undefined ? [] : [`Decisions of pools are not current. ${unread}`]),
    ];
  }

  async add(poolUid: string, decision: Omit<Decision, 'id'>): Promise<void> {
    const { pools, clock } = this.#options;
    if (pools.getByUid(poolUid) === undefined) return;
    const id = String(Math.max(clock.now(), Number(this.#newest(poolUid)?.id ?? 0) + 1));
    const unwritten = [{ ...storable(decision), id }, ...(this.#unwritten.get(poolUid) ?? [])];
    this.#unwritten.set(poolUid, unwritten.slice(0, KEPT_DECISIONS));
    this.#writer.add(poolUid);
  }

  async lastReasonCodes(poolUid: string): Promise<readonly string[] | undefined> {
    return this.last(poolUid)?.reasons;
  }

  /** The newest decision on a pool, for summaries. */
  last(poolUid: string): LastDecision | undefined {
    const newest = this.#newest(poolUid);
    if (newest === undefined) return undefined;
    const { at, sentence, reasons } = newest;
    return { at, sentence, reasons: reasons.map(({ code }) => code) };
  }

  forget(poolUid: string): void {
    this.#unwritten.delete(poolUid);
    this.#writer.forget(poolUid);
  }

  /** Errors: those of the list of ConfigMaps, such as KUBERNETES::FORBIDDEN, on a server that has no decisions in memory. */
  async list({ uid }: Pool, limit: number): Promise<Decision[]> {
    await this.#status.waitForSync().catch((error: unknown) => {
      if (!this.#unwritten.has(uid)) throw error;
    });
    const stored = this.#cache.list(uid);
    return [...notIn(stored, this.#unwritten.get(uid)), ...stored].slice(0, Math.min(limit, KEPT_DECISIONS));
  }

  #newest(poolUid: string): Decision | undefined {
    return this.#unwritten.get(poolUid)?.[0] ?? this.#cache.last(poolUid);
  }

  /** Returns whether everything is written. */
  async #write(uid: string, signal: AbortSignal): Promise<boolean> {
    const pool = this.#options.pools.getByUid(uid);
    const stored = this.#cache.list(uid);
    const unwritten = numberedAfter(stored[0], notIn(stored, this.#unwritten.get(uid)));
    if (pool === undefined || unwritten.length === 0 || !this.#options.isLeader()) {
      this.#unwritten.delete(uid);
      return true;
    }
    this.#unwritten.set(uid, unwritten);
    const version = this.#cache.resourceVersion(uid);
    const map = toDecisionMap(pool, [...unwritten, ...stored], version);
    try {
      const write = version === undefined ? this.#client.create(map, { signal }) : this.#replace(map, signal);
      this.#cache.put(await write);
    } catch (error) {
      if (!isOutOfDate(error)) throw error;
      await this.#read(uid, signal);
      return false;
    }
    return this.#settle(uid, unwritten);
  }

  #replace(map: ReturnType<typeof toDecisionMap>, signal: AbortSignal): Promise<ConfigMap> {
    return this.#client.replace(map.metadata.name, map, { signal });
  }

  /** Reads what another writer stored: the next attempt adds to it. */
  async #read(uid: string, signal: AbortSignal): Promise<void> {
    try {
      this.#cache.put(await this.#client.get(decisionMapName(uid), signal));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#cache.remove(uid);
    }
  }

  /** Decisions may have been added during the write, or all of them forgotten. */
  #settle(uid: string, written: readonly Decision[]): boolean {
    const added = (this.#unwritten.get(uid) ?? []).filter((decision) => !written.includes(decision));
    if (added.length > 0) this.#unwritten.set(uid, added);
    else this.#unwritten.delete(uid);
    return added.length === 0;
  }
}

/**
 * Decisions that are not stored. One may be, because a write whose response was lost was carried out. The same id alone does
 * not say so: another leader may have decided in the same millisecond.
 */
const notIn = (stored: readonly Decision[], decisions: readonly Decision[] = []): readonly Decision[] => {
  const byId = new Map(stored.map((decision) => [decision.id, decision]));
  return decisions.filter((decision) => !isSameJson(byId.get(decision.id), decision));
};

/** The decisions, newest first, with ids that grow from the stored one's: an earlier leader's last write may have arrived late. */
const numberedAfter = (newest: Decision | undefined, decisions: readonly Decision[]): readonly Decision[] => {
  let last = Number(newest?.id ?? 0);
  return decisions
    .toReversed()
    .map((decision) => {
      last = Math.max(last + 1, Number(decision.id));
      return { ...decision, id: String(last) };
    })
    .reverse();
};
