// Writes what a pass observed into the status of its pool, and reports when the pool becomes degraded and when it recovers.
import type { Condition } from '../../contract/conditions.ts';
import { localConditions, type LocalFacts } from '../planning/conditions.ts';
import { revisionOf } from '../planning/revision.ts';
import type { Pool } from '../pools/pool.ts';
import type { RuntimeObserver } from '../runtime-observer.ts';
import type { Pacing } from './pacing.ts';
import type { PoolSource } from './ports.ts';

type StatusWriterOptions = {
  readonly pools: Pick<PoolSource, 'writeStatus'>;
  readonly pacing: Pacing;
  readonly observer: Pick<RuntimeObserver, 'degradedChanged'>;
};

export class StatusWriter {
  readonly #options: StatusWriterOptions;
  /** Why each degraded pool was last reported as such, by its uid: after a restart, those that still are get reported again. */
  readonly #degraded = new Map<string, Condition['reason']>();

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** Returns the milliseconds until the status may be written; 0: it is written, or was already. */
  async write(pool: Pool, facts: Omit<LocalFacts, 'previous'>): Promise<number> {
    const { pools, pacing } = this.#options;
    const { uid, generation, status } = pool;
    const pauseMs = pacing.statusPauseMs(uid);
    if (pauseMs > 0) return pauseMs;
    const { updated, observed } = facts.plan;
    const { total, allocated, available } = observed;
    const conditions = localConditions({ ...facts, previous: status?.conditions });
    const isWritten = await pools.writeStatus(uid, {
      total,
      allocated,
      available,
      revision: revisionOf(pool),
      updated,
      observedGeneration: generation,
      conditions,
    });
    if (!isWritten) return 0;
    pacing.countStatus(uid);
    this.#reportDegraded(pool, conditions);
    return 0;
  }

  forget(poolUid: string): void {
    this.#degraded.delete(poolUid);
  }

  #reportDegraded({ uid, name }: Pool, conditions: readonly Condition[]): void {
    const degraded = conditions.find(({ type }) => type === 'Degraded');
    const reason = degraded?.status === 'True' ? degraded.reason : undefined;
    if (degraded === undefined || reason === this.#degraded.get(uid)) return;
    if (reason === undefined) this.#degraded.delete(uid);
    else this.#degraded.set(uid, reason);
    this.#options.observer.degradedChanged(name, degraded);
  }
}
