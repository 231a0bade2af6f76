// What clients know about claims, and the checks that every later response has to pass.
import { isDeepStrictEqual } from 'node:util';
import type { Claim } from '../../../src/contract/claim.ts';

/** How a pool of the test treats the members that claims return. */
export type PoolRules = {
  recycling: 'Delete' | 'Restart' | 'Noop';
  /** Clients delete it and create it again. */
  isReplaced: boolean;
};

type Known = {
  claim: Claim;
  /** When a client knew that it had ended, by `performance.now()`. */
  endedMs?: number;
  /** Since when `expiresAt` is known, by `performance.now()`; Infinity while a renewal has no response. */
  renewedMs: number;
};

/** The label that names the request that created a claim. */
export const REQUEST_LABEL = 'request';

export class ClaimLedger {
  readonly #pools: Readonly<Record<string, PoolRules>>;
  readonly #minStartMs: number;
  readonly #known = new Map<string, Known>();
  /** Id of the claim that a request created. */
  readonly #byRequest = new Map<string, string>();
  /** Requests that the server refused. */
  readonly #refused = new Set<string>();
  readonly #byMember = new Map<string, Set<string>>();
  /** Members whose claims have changed since the last complete list. */
  readonly #touched = new Set<string>();
  readonly #releases = new Set<string>();
  readonly #evictions = new Set<string>();

  /** @param minStartMs Minimum duration of a start: less than this after a claim, its member cannot have been restarted. */
  constructor(pools: Readonly<Record<string, PoolRules>>, minStartMs: number) {
    this.#pools = pools;
    this.#minStartMs = minStartMs;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Number of claims by how they ended; `bound` are those not known to have ended. */
  counts(): Record<string, number> {
    const groups = Map.groupBy(this.#known.values(), ({ claim }) => claim.state);
    return Object.fromEntries(Array.from(groups, ([state, { length }]) => [state, length]));
  }

  /** Claims that no client knows to have ended. */
  live(): Claim[] {
    return [...this.#known.values()].flatMap(({ claim, endedMs }) => (endedMs === undefined ? [claim] : []));
  }

  claimOf(request: string): string | undefined {
    return this.#byRequest.get(request);
  }

  /** Call it before the request is sent. */
  releasing(id: string): void {
    this.#releases.add(id);
  }

  /** Call it before the request is sent. */
  evicting(member: string): void {
    this.#evictions.add(member);
  }

  /** Call it before the request is sent; one at a time for each claim. */
  renewing(id: string): void {
    const known = this.#known.get(id);
    if (known) known.renewedMs = Infinity;
  }

  renewed(claim: Claim, sentMs: number): void {
    this.observe(claim, sentMs);
    const known = this.#known.get(claim.id);
    if (known?.claim.state === 'bound') Object.assign(known, { claim, renewedMs: performance.now() });
  }

  refused(request: string): void {
    this.#refused.add(request);
  }

  /** A client received a response that says that the claim has ended. */
  ended(id: string): void {
    const known = this.#known.get(id);
    if (known) known.endedMs ??= performance.now();
  }

  /** A pool was deleted by a request sent at `sentMs`: its claims of that time have ended. */
  poolDeleted(pool: string, sentMs: number): void {
    const sentAtMs = Date.now() - (performance.now() - sentMs);
    for (const { claim } of this.#known.values())
      if (claim.pool === pool && Date.parse(claim.boundAt) < Math.floor(sentAtMs)) this.ended(claim.id);
  }

  /** Takes a claim as a response shows it. `sentMs` is when its request was sent, by `performance.now()`. */
  observe(claim: Claim, sentMs: number): void {
    const { id, state, member } = claim;
    const known = this.#known.get(id);
    if (known !== undefined && isDeepStrictEqual(known.claim, claim) && state !== 'bound') return;
    if (known === undefined) this.#checkOrigin(claim);
    else checkChange(known, claim, sentMs);
    if (state !== 'bound') this.#checkEnd(claim);
    const { renewedMs = performance.now(), endedMs = state === 'bound' ? undefined : performance.now() } = known ?? {};
    if (known === undefined || state !== 'bound')
      this.#known.set(id, { claim, renewedMs, ...(endedMs !== undefined && { endedMs }) });
    const holds = this.#byMember.get(member.name) ?? new Set<string>();
    this.#byMember.set(member.name, holds.add(id));
    this.#touched.add(member.name);
  }

  /** Takes the list of all claims, requested at `sentMs` while no other client was active. */
  observeAll(claims: readonly Claim[], sentMs: number): void {
    for (const claim of claims) this.observe(claim, sentMs);
    const listed = new Set(claims.map(({ id }) => id));
    for (const [id, { claim }] of this.#known)
      demand(claim.state !== 'bound' || listed.has(id), 'The server has lost a claim', claim);
    const held = claims.filter(({ state }) => state === 'bound').map(({ member }) => member.name);
    demand(held.length === new Set(held).size, 'A member is in two live claims', held);
    for (const name of this.#touched) this.#checkHolds(name);
    this.#touched.clear();
  }

  #checkOrigin(claim: Claim): void {
    const request = claim.labels?.[REQUEST_LABEL] ?? '';
    demand(!this.#byRequest.has(request), 'A request has created two claims', this.#byRequest.get(request), claim);
    demand(!this.#refused.has(request), 'A request that was refused has created a claim', claim);
    this.#byRequest.set(request, claim.id);
  }

  #checkEnd(claim: Claim): void {
    const { id, pool, state, reason, member, endedAt = '', expiresAt } = claim;
    if (state === 'released') demand(this.#releases.has(id), 'A claim is released that nobody has released', claim);
    if (state === 'expired') demand(endedAt >= expiresAt, 'A claim has ended before it expired', claim);
    if (state !== 'lost') return;
    const isExpected = reason === 'Evicted' ? this.#evictions.has(member.name) : reason === 'PoolDeleted';
    demand(isExpected && (reason === 'Evicted' || this.#pools[pool]?.isReplaced === true), 'A claim is lost', claim);
  }

  /** The claims on one member: one after the other, with the recycling of its pool in between. */
  #checkHolds(member: string): void {
    const holds = Array.from(this.#byMember.get(member) ?? [], (id) => this.#known.get(id)?.claim);
    const inOrder = holds.filter((claim) => claim !== undefined).sort(byTime);
    for (const [index, claim] of inOrder.slice(1).entries()) {
      const previous = inOrder[index];
      const { recycling } = this.#pools[claim.pool] ?? {};
      const pauseMs = Date.parse(claim.boundAt) - Date.parse(previous?.endedAt ?? '');
      const isReusable = recycling !== 'Delete' && previous?.state !== 'lost';
      demand(isReusable, 'A member is handed out that was to be removed', previous, claim);
      const minMs = recycling === 'Restart' ? this.#minStartMs : 0;
      demand(pauseMs >= minMs, `A member is handed out again after ${pauseMs} ms`, previous, claim);
    }
  }
}

const checkChange = ({ claim: before, endedMs = Infinity, renewedMs }: Known, claim: Claim, sentMs: number) => {
  for (const field of FIXED)
    demand(isDeepStrictEqual(claim[field], before[field]), `${field} of a claim has changed`, before, claim);
  if (claim.state !== 'bound') {
    demand(before.state === 'bound' || isDeepStrictEqual(before, claim), 'An ended claim has changed', before, claim);
    return;
  }
  demand(endedMs >= sentMs, 'A claim that had ended is live', before, claim);
  const isKept = sentMs < renewedMs || claim.expiresAt === before.expiresAt || before.state !== 'bound';
  demand(isKept, 'A renewal is lost', before, claim);
};

const FIXED = ['pool', 'poolUid', 'member', 'launch', 'labels', 'createdAt', 'boundAt'] as const;

const byTime = (one: Claim, other: Claim) =>
  Date.parse(one.boundAt) - Date.parse(other.boundAt) ||
  Date.parse(one.endedAt ?? '9999') - Date.parse(other.endedAt ?? '9999');

const demand = (isTrue: boolean, otherwise: string, ...evidence: unknown[]): void => {
  if (!isTrue) throw new Error(`${otherwise}: ${evidence.map((it) => JSON.stringify(it)).join(', ')}`);
};
