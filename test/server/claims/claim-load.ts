// Clients that claim, renew, release and evict at random, and delete pools and create them again.
import { expect } from 'vitest';
import { Claim } from '../../../src/contract/claim.ts';
import { capacity, poolNamed } from '../../support/pools.ts';
import { REQUEST_LABEL, type ClaimLedger, type PoolRules } from './claim-ledger.ts';
import { listMembers, send, type Target } from './claims-client.ts';
import type { Random } from './seeded-random.ts';

export const POOLS = {
  removed: { recycling: 'Delete', isReplaced: false },
  restarted: { recycling: 'Restart', isReplaced: false },
  reused: { recycling: 'Noop', isReplaced: false },
  replaced: { recycling: 'Delete', isReplaced: true },
  'replaced-reused': { recycling: 'Noop', isReplaced: true },
} as const satisfies Record<string, PoolRules>;

type PoolName = keyof typeof POOLS;

const POOL_NAMES: [PoolName, ...PoolName[]] = ['removed', 'restarted', 'reused', 'replaced', 'replaced-reused'];

export const BUFFER = { min: 3, max: 6 };

/** Clients leave claims of this duration to expire. */
const ABANDONED_TTL_SECONDS = 1;

/** A request that may have created a claim. */
type Request = { pool: string; body: { labels: { [REQUEST_LABEL]: string } }; key?: string | undefined };

export class ClaimLoad {
  readonly #ledger: ClaimLedger;
  readonly #random: Random;
  /** Requests with a key whose response has not come. */
  readonly #unanswered = new Set<Request>();
  readonly #renewing = new Set<string>();
  #answered: Request[] = [];
  #requests = 0;
  #stops = new AbortController();
  #clients: Promise<unknown> = Promise.resolve();

  constructor(ledger: ClaimLedger, random: Random) {
    this.#ledger = ledger;
    this.#random = random;
  }

  /** Creates the pools that do not exist. */
  async createPools(target: Target): Promise<void> {
    for (const name of POOL_NAMES) await this.#createPool(target, name);
  }

  run(target: Target, clients: number): void {
    this.#stops = new AbortController();
    const { signal } = this.#stops;
    const runOne = async () => {
      while (!signal.aborted) await this.#act(target);
    };
    this.#clients = Promise.all(Array.from({ length: clients }, runOne));
    // It is reported by `stop`.
    this.#clients.catch(() => undefined);
  }

  /** No client sends another request. */
  interrupt(): void {
    this.#stops.abort();
  }

  /** Resolves when every client has stopped. Rejects if a response was wrong. */
  async stop(): Promise<void> {
    this.interrupt();
    await this.#clients;
  }

  /** Repeats the requests with a key whose response has not come, and some whose response has. */
  async repeat(target: Target): Promise<void> {
    for (const request of this.#answered.slice(-5)) await this.#repeat(target, request);
    this.#answered = [];
    for (const request of [...this.#unanswered]) await this.#repeat(target, request);
  }

  async #repeat(target: Target, request: Request): Promise<void> {
    const created = this.#ledger.claimOf(request.body.labels[REQUEST_LABEL]);
    const answer = await this.#claim(target, request);
    if (created === undefined) return;
    expect([answer?.status, answer?.headers.get('Idempotency-Replayed')]).toEqual([201, 'true']);
    expect(answer?.body).toHaveProperty('id', created);
  }

  async #act(target: Target): Promise<void> {
    const { chance } = this.#random;
    if (chance(0.45)) await this.#newClaim(target);
    else if (chance(0.4)) await this.#release(target);
    else if (chance(0.5)) await this.#renew(target);
    else if (chance(0.4)) await this.#get(target);
    else if (chance(0.8)) await this.#evict(target);
    else await this.#replacePool(target);
  }

  #newClaim(target: Target) {
    const { pick, chance } = this.#random;
    const name = `r${(this.#requests += 1)}`;
    const body = {
      ttlSeconds: pick([ABANDONED_TTL_SECONDS, 2, 5, 600]),
      waitSeconds: pick([0, 0, 1, 2]),
      labels: { [REQUEST_LABEL]: name },
    };
    return this.#claim(target, { pool: pick(POOL_NAMES), body, key: chance(0.5) ? name : undefined });
  }

  async #claim(target: Target, request: Request) {
    const { pool, body, key } = request;
    const headers = key === undefined ? undefined : { 'Idempotency-Key': key };
    if (key !== undefined) this.#unanswered.add(request);
    const sentMs = performance.now();
    const answer = await send(target, 'POST', `/v1/pools/${pool}/claims`, { json: body, ...(headers && { headers }) });
    if (answer === undefined) return undefined;
    this.#unanswered.delete(request);
    if (answer.status === 201) {
      this.#ledger.observe(Claim.parse(answer.body), sentMs);
      if (key !== undefined) this.#answered.push(request);
    } else {
      expect([429, 504, 404], answer.text).toContain(answer.status);
      this.#ledger.refused(body.labels[REQUEST_LABEL]);
    }
    return answer;
  }

  async #release(target: Target): Promise<void> {
    const claim = this.#someClaim();
    if (claim === undefined) return;
    this.#ledger.releasing(claim.id);
    const answer = await send(target, 'DELETE', `/v1/claims/${claim.id}`);
    if (answer === undefined) return;
    expect(answer.status, answer.text).toBe(204);
    this.#ledger.ended(claim.id);
  }

  async #renew(target: Target): Promise<void> {
    const claim = this.#someClaim();
    if (claim === undefined || this.#renewing.has(claim.id)) return;
    this.#renewing.add(claim.id);
    this.#ledger.renewing(claim.id);
    const sentMs = performance.now();
    const json = { ttlSeconds: this.#random.pick([ABANDONED_TTL_SECONDS, 2, 5]) };
    const answer = await send(target, 'POST', `/v1/claims/${claim.id}/renew`, { json });
    this.#renewing.delete(claim.id);
    if (answer?.status === 200) this.#ledger.renewed(Claim.parse(answer.body), sentMs);
    else if (answer !== undefined) expect(answer.body).toHaveProperty('code', 'CLAIM::ENDED');
  }

  async #evict(target: Target): Promise<void> {
    const { pick, chance, integer } = this.#random;
    const pool = pick(POOL_NAMES);
    const list = await send(target, 'GET', `/v1/pools/${pool}/members`);
    if (list?.status !== 200) return;
    const members = await listMembers(target, pool).catch(() => []);
    const member = members[integer(0, members.length)];
    if (member === undefined) return;
    const force = chance(0.5);
    if (force) this.#ledger.evicting(member.name);
    const route = `/v1/pools/${pool}/members/${member.name}${force ? '?force=true' : ''}`;
    const answer = await send(target, 'DELETE', route);
    if (answer !== undefined) expect(force ? [204, 404] : [204, 404, 409], answer.text).toContain(answer.status);
  }

  async #get(target: Target): Promise<void> {
    const claim = this.#someClaim();
    if (claim === undefined) return;
    const sentMs = performance.now();
    const answer = await send(target, 'GET', `/v1/claims/${claim.id}`);
    if (answer === undefined) return;
    expect(answer.status, answer.text).toBe(200);
    this.#ledger.observe(Claim.parse(answer.body), sentMs);
  }

  async #replacePool(target: Target): Promise<void> {
    const name = this.#random.pick(['replaced', 'replaced-reused'] as const);
    const sentMs = performance.now();
    const answer = await send(target, 'DELETE', `/v1/pools/${name}?force=true`);
    if (answer?.status === 204) this.#ledger.poolDeleted(name, sentMs);
    if (answer !== undefined) await this.#createPool(target, name);
  }

  async #createPool(target: Target, name: PoolName): Promise<void> {
    const { recycling } = POOLS[name];
    const json = poolNamed(name, {
      capacitySpec: capacity(BUFFER.min, BUFFER.max, 0, 12),
      recycleStrategy: { type: recycling },
      scaleStrategy: { maxUnavailable: '100%' },
    });
    const answer = await send(target, 'POST', '/v1/pools', { json });
    if (answer !== undefined) expect([201, 409], answer.text).toContain(answer.status);
  }

  /** One of the newest claims that no client knows to have ended or leaves to expire. */
  #someClaim(): Claim | undefined {
    const live = this.#ledger
      .live()
      .filter(({ ttlSeconds }) => ttlSeconds !== ABANDONED_TTL_SECONDS)
      .slice(-30);
    return live[this.#random.integer(0, live.length)];
  }
}
