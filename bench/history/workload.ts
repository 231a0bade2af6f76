// Pools that change as those of a busy service do: a daily rhythm, bursts, a buffer that follows.
import { createRandom, type Random } from '../../scripts/demo/random.ts';
import type { BoundClaim } from '../../src/services/runtime-observer.ts';

const DAY_SECONDS = 86_400;

const WAIT_MAX_MS = 3_600;
const REQUESTED_AT = '2026-01-01T00:00:00.000Z';
/** By the wait in milliseconds. */
const BOUND_AT = Array.from({ length: WAIT_MAX_MS }, (_, ms) => new Date(Date.parse(REQUESTED_AT) + ms).toISOString());

/** One of four kinds: of ten pools, four are steady, three bursty, two at their limit and one is idle. */
export class Workload {
  readonly uid: string;
  readonly #random: Random;
  readonly #kind: 'steady' | 'bursty' | 'limited' | 'idle';
  #allocated = 0;
  #starting = 0;
  #burst = 0;
  #unmet = 0;
  #desired = 10;

  constructor(index: number) {
    this.uid = `${String(index).padStart(8, '0')}-d3d6-47fc-8dd4-5c842874b81c`;
    this.#random = createRandom(index + 1, '');
    const share = index % 10;
    this.#kind = share < 4 ? 'steady' : share < 7 ? 'bursty' : share < 9 ? 'limited' : 'idle';
  }

  /** Lets 10 seconds pass; calls `bound` for every claim that was bound in them. */
  step(seconds: number, bound: (claim: BoundClaim) => void): void {
    const random = this.#random;
    const rhythm = 0.6 + 0.4 * Math.sin((2 * Math.PI * seconds) / DAY_SECONDS);
    if (this.#kind === 'bursty' && random() < 0.01) this.#burst = 6;
    if (this.#burst > 0) this.#burst -= 1;
    const rate = { steady: 3, bursty: this.#burst > 0 ? 12 : 0.5, limited: 4, idle: 0 }[this.#kind] * rhythm;
    const arrivals = Math.floor(rate * 2 * random() + random());
    const released = Math.floor(this.#allocated * 0.15 * random() * 2);
    this.#allocated = Math.max(0, this.#allocated + arrivals - released);
    this.#unmet = this.#kind === 'limited' ? Math.max(0, this.#allocated - 20) : 0;
    this.#allocated -= this.#unmet;
    this.#starting = Math.floor(arrivals * random());
    this.#desired = this.#allocated + this.#unmet + 8;
    for (let claim = 0; claim < arrivals - this.#unmet; claim++) {
      const isCold = random() < 0.05;
      const waitMs = isCold ? 500 + random() * 3_000 : 1 + random() * 4;
      bound({
        poolUid: this.uid,
        launch: isCold ? 'cold' : 'warm',
        createdAt: REQUESTED_AT,
        boundAt: BOUND_AT[Math.floor(waitMs)] ?? REQUESTED_AT,
      });
    }
  }

  gauges() {
    const available = Math.max(0, this.#desired - this.#allocated - this.#unmet - this.#starting);
    return {
      desired: this.#desired,
      available,
      allocated: this.#allocated,
      starting: this.#starting,
      unmet: this.#unmet,
    };
  }
}
