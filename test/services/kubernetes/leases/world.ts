// Servers on one fake clock, each with a wall clock of its own; a server can be stopped as by SIGSTOP.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../../src/lib/clock.ts';
import { LeaderElector } from '../../../../src/services/kubernetes/leases/leader-elector.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { LeaseServer, type Network } from './lease-server.ts';

/** Runs what waits for promises. */
const settle = () => setImmediate();

/** The clock of a process. While it is stopped its time goes on, but nothing runs. */
class ProcessClock implements Clock {
  readonly #clock: FakeClock;
  readonly #aheadMs: number;
  #waiting: (() => void)[] | undefined;

  /** @param aheadMs How wrong its wall clock is. */
  constructor(clock: FakeClock, aheadMs = 0) {
    this.#clock = clock;
    this.#aheadMs = aheadMs;
  }

  now(): number {
    return this.#clock.now() + this.#aheadMs;
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, task: () => void): () => void {
    let isCancelled = false;
    const run = () => {
      if (this.#waiting !== undefined) this.#waiting.push(run);
      else if (!isCancelled) task();
    };
    const cancel = this.#clock.after(delayMs, run);
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  pause(): void {
    this.#waiting ??= [];
  }

  resume(): void {
    const tasks = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const task of tasks) task();
  }
}

type ServerOptions = { readonly aheadMs?: number };

export class World {
  readonly clock = new FakeClock();
  readonly api = new LeaseServer();

  /** A server with an elector. @param network For its calls. */
  server(identity: string, network?: Network, { aheadMs = 0 }: ServerOptions = {}) {
    const clock = new ProcessClock(this.clock, aheadMs);
    const terms: AbortSignal[] = [];
    const events: string[] = [];
    const elector = new LeaderElector({
      leases: this.api.client(network),
      identity,
      clock,
      onElected: (signal) => {
        terms.push(signal);
        events.push('elected');
      },
      onDeposed: () => {
        events.push('deposed');
      },
      observer: {
        leaderChanged: () => undefined,
        electionProblemChanged: (problem) => events.push(problem ?? 'no problem'),
      },
    });
    return { clock, elector, terms, events };
  }

  /** Starts a server, and lets its first attempt end. */
  async started(...args: Parameters<World['server']>) {
    const server = this.server(...args);
    server.elector.start();
    await settle();
    return server;
  }

  /** Time passes. @param check Called after everything that happens. */
  async advance(ms: number, check: () => void = () => undefined): Promise<void> {
    const endMs = this.clock.now() + ms;
    for (;;) {
      await settle();
      check();
      const { nextAtMs } = this.clock;
      if (nextAtMs === undefined || nextAtMs > endMs) break;
      this.clock.moveTo(nextAtMs);
    }
    this.clock.moveTo(endMs);
    check();
  }
}
