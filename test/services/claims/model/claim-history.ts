// What clients have seen of claims, and whether the record still agrees with it.
import type { Claim } from '../../../../src/contract/claim.ts';
import { ENDED_CLAIMS_MAX } from '../../../../src/contract/limits.ts';

/** What a server has at one moment. */
export type Observation = {
  readonly nowMs: number;
  /** Live claims and those that have ended. */
  readonly claims: readonly Claim[];
  readonly members: readonly {
    readonly name: string;
    readonly allocated: boolean;
    readonly claimId?: string | undefined;
  }[];
  /** Names of the members with an order to recycle them. */
  readonly orders: readonly string[];
  /** Whether nothing is in progress: members and claims have to agree. */
  readonly isSettled: boolean;
};

type Hold = { readonly id: string; readonly boundAtMs: number };

/** Three restarts 30 s apart, and what a failing store adds. */
const ORDER_MAX_MS = 3 * 60_000;

export class ClaimHistory {
  /** What is wrong, in sentences; empty if nothing is. */
  readonly problems: string[] = [];
  readonly #known = new Map<string, Claim>();
  readonly #holds = new Map<string, Hold[]>();
  readonly #restarts = new Map<string, number[]>();
  readonly #orders = new Map<string, number>();
  readonly #idsByKey = new Map<string, string>();
  readonly #dirtyPools = new Set<string>();

  /** Members of the pool may be handed out again as they are. */
  allowDirty(poolUid: string): void {
    this.#dirtyPools.add(poolUid);
  }

  restarted(member: string, atMs: number): void {
    this.#restarts.set(member, [...(this.#restarts.get(member) ?? []), atMs]);
  }

  /** A client received this claim, from a request with this key if it had one. */
  received(claim: Claim, key?: string): void {
    this.#compare(claim);
    if (key === undefined) return;
    const id = this.#idsByKey.get(key) ?? claim.id;
    this.#idsByKey.set(key, id);
    if (id !== claim.id) this.problems.push(`Key ${key} created ${id} and ${claim.id}.`);
  }

  observe({ nowMs, claims, members, orders, isSettled }: Observation): void {
    const byId = new Map(claims.map((claim) => [claim.id, claim]));
    const live = claims.filter(({ state }) => state === 'bound');
    const ofMember = new Map<string, string>();
    for (const { id, member } of live) {
      const other = ofMember.get(member.name);
      if (other !== undefined) this.problems.push(`${member.name} is held by ${other} and ${id}.`);
      ofMember.set(member.name, id);
    }
    for (const id of this.#known.keys()) if (!byId.has(id)) this.problems.push(`Claim ${id} is not in the record.`);
    const unseen = claims.filter(({ id }) => !this.#known.has(id));
    for (const claim of [...claims].filter(({ id }) => this.#known.has(id))) this.#compare(claim);
    for (const claim of unseen.sort((a, b) => Date.parse(a.boundAt) - Date.parse(b.boundAt))) this.#compare(claim);
    if (claims.length - live.length > ENDED_CLAIMS_MAX) this.problems.push('Too many ended claims are remembered.');
    this.#ageOrders(orders, nowMs);
    if (isSettled) this.#match(ofMember, members);
  }

  #compare(claim: Claim): void {
    const { id, member, state } = claim;
    const known = this.#known.get(id);
    if (known === undefined) this.#hold(claim);
    else if (known.member.name !== member.name) this.problems.push(`Claim ${id} has changed to another member.`);
    if (known !== undefined && known.state !== 'bound' && state !== known.state)
      this.problems.push(`Claim ${id} was ${known.state} and is ${state}.`);
    this.#known.set(id, claim);
  }

  #hold({ id, member: { name }, poolUid, boundAt }: Claim): void {
    const boundAtMs = Date.parse(boundAt);
    const holds = this.#holds.get(name) ?? [];
    const before = holds.findLast((hold) => hold.boundAtMs <= boundAtMs);
    const isClean = (this.#restarts.get(name) ?? []).some(
      (atMs) => before !== undefined && atMs >= before.boundAtMs && atMs <= boundAtMs,
    );
    if (before !== undefined && !isClean && !this.#dirtyPools.has(poolUid))
      this.problems.push(`${name} was held by ${before.id} and was handed out to ${id} as it was.`);
    this.#holds.set(name, [...holds, { id, boundAtMs }]);
  }

  #ageOrders(orders: readonly string[], nowMs: number): void {
    for (const member of this.#orders.keys()) if (!orders.includes(member)) this.#orders.delete(member);
    for (const member of orders) {
      const sinceMs = this.#orders.get(member) ?? nowMs;
      this.#orders.set(member, sinceMs);
      if (nowMs - sinceMs > ORDER_MAX_MS) this.problems.push(`${member} has waited too long to be recycled.`);
    }
  }

  #match(ofMember: ReadonlyMap<string, string>, members: Observation['members']): void {
    const allocated = new Map(members.flatMap((it) => (it.allocated ? [[it.name, it.claimId] as const] : [])));
    for (const [member, id] of ofMember)
      if (allocated.get(member) !== id)
        this.problems.push(`Claim ${id} is live, but ${member} is not allocated to it.`);
    for (const [member, id] of allocated)
      if (ofMember.get(member) !== id)
        this.problems.push(`${member} is allocated to ${id ?? 'nobody'}, which is not live.`);
  }
}
