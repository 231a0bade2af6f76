// The members that can be handed out, in the order in which they are.
import { OrderedNames } from './ordered-names.ts';

type MemberKey = { readonly poolUid: string; readonly revision: string; readonly name: string };

/** Names, the one that has been available longest first. */
type Shares = { readonly own: OrderedNames; readonly others: OrderedNames };

/** Every operation but `setShare` takes the same time, however many members there are. */
export class IdleMembers {
  /** By name, the one that has been available longest first. */
  readonly #members = new Map<string, MemberKey>();
  readonly #byPool = new Map<string, Shares>();
  /** By the uid of the pool, then by revision. */
  readonly #byRevision = new Map<string, Map<string, Shares>>();
  #isOwn: (name: string) => boolean = () => true;

  has(poolUid: string): boolean {
    return this.#byPool.has(poolUid);
  }

  /**
   * The member to hand out next: of the pool's current revision if there is one, then of this server's own share the one
   * available longest. Of the other servers' shares it is the youngest: the one that they hand out last.
   */
  next(poolUid: string, currentRevision: string): string | undefined {
    const shares = this.#byRevision.get(poolUid)?.get(currentRevision) ?? this.#byPool.get(poolUid);
    return shares?.own.first ?? shares?.others.last;
  }

  add(key: MemberKey): void {
    const { poolUid, revision, name } = key;
    // Also a member that returns is the youngest.
    this.remove(name);
    this.#members.set(name, key);
    const revisions = this.#byRevision.get(poolUid) ?? new Map<string, Shares>();
    this.#byRevision.set(poolUid, revisions);
    const isOwn = this.#isOwn(name);
    addTo(revisions, revision, { name, isOwn });
    addTo(this.#byPool, poolUid, { name, isOwn });
  }

  remove(name: string): void {
    const key = this.#members.get(name);
    if (key === undefined) return;
    this.#members.delete(name);
    const revisions = this.#byRevision.get(key.poolUid);
    if (revisions !== undefined) removeFrom(revisions, key.revision, name);
    if (revisions?.size === 0) this.#byRevision.delete(key.poolUid);
    removeFrom(this.#byPool, key.poolUid, name);
  }

  /** Which members are this server's share; by default all are. Takes time in proportion to the members. */
  setShare(isOwn: (name: string) => boolean): void {
    this.#isOwn = isOwn;
    for (const key of [...this.#members.values()]) this.add(key);
  }
}

const addTo = (shares: Map<string, Shares>, key: string, { name, isOwn }: { name: string; isOwn: boolean }): void => {
  const { own, others } = shares.get(key) ?? { own: new OrderedNames(), others: new OrderedNames() };
  shares.set(key, { own, others });
  (isOwn ? own : others).add(name);
};

const removeFrom = (shares: Map<string, Shares>, key: string, name: string): void => {
  const { own, others } = shares.get(key) ?? {};
  own?.remove(name);
  others?.remove(name);
  if (own?.size === 0 && others?.size === 0) shares.delete(key);
};
