// Runs the pool controller while this server is the leader.
import type { PoolController } from '../../controller/pool-controller.ts';
import { LeaderElector } from './leader-elector.ts';

type LeadershipOptions = Pick<ConstructorParameters<typeof LeaderElector>[0], 'leases' | 'identity' | 'clock'> & {
  /** Resolves when everything that exists is known: a pool whose members are not known would be started again. */
  readonly ready: () => Promise<unknown>;
  readonly newController: () => PoolController;
};

export class Leadership {
  readonly #options: LeadershipOptions;
  readonly #elector: LeaderElector;
  #controller: PoolController | undefined;
  #stopping: Promise<void> = Promise.resolve();

  constructor(options: LeadershipOptions) {
    const { leases, identity, clock } = options;
    this.#options = options;
    this.#elector = new LeaderElector({
      leases,
      identity,
      clock,
      onElected: (term) => {
        this.#lead(term).catch((error: unknown) => {
          // Its watch ends with the term.
          if (!term.aborted) throw error;
        });
      },
      onDeposed: () => {
        this.#stopController();
      },
    });
  }

  get isLeader(): boolean {
    return this.#elector.isLeader();
  }

  /** The controller of this term; undefined while this server does not lead. */
  get controller(): PoolController | undefined {
    return this.#controller;
  }

  /** Why no leader can be elected, as a sentence. */
  get problem(): string | undefined {
    return this.#elector.problem;
  }

  start(): void {
    this.#elector.start();
  }

  /** Finishes the passes that are running. */
  async stopController(): Promise<void> {
    this.#stopController();
    await this.#stopping;
  }

  /** Gives the lead away. */
  async stop(): Promise<void> {
    await this.#elector.stop();
  }

  async #lead(term: AbortSignal): Promise<void> {
    const { ready, newController } = this.#options;
    await Promise.all([ready(), this.#stopping]);
    if (term.aborted) return;
    this.#controller = newController();
    await this.#controller.start();
  }

  #stopController(): void {
    const former = this.#controller;
    this.#controller = undefined;
    if (former !== undefined) this.#stopping = former.stop();
  }
}
