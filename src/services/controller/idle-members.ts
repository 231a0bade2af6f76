// The members that can be handed out, in the order in which they are.

type MemberKey = { readonly poolUid: string; readonly revision: string; readonly name: string };

/** Names, the one that has been available longest first. */
type Names = Set<string>;

/** Every operation takes the same time, however many members there are. */
export class IdleMembers {
  readonly #byPool = new Map<string, Names>();
  /** By the uid of the pool, then by revision. */
  readonly #byRevision = new Map<string, Map<string, Names>>();

  has(poolUid: string): boolean {
    return this.#byPool.has(poolUid);
  }

  /** The member to hand out next: of the pool's current revision if there is one, then the one available longest. */
  next(poolUid: string, currentRevision: string): string | undefined {
    const [first] = this.#byRevision.get(poolUid)?.get(currentRevision) ?? this.#byPool.get(poolUid) ?? [];
    return first;
  }

  add({ poolUid, revision, name }: MemberKey): void {
    const revisions = this.#byRevision.get(poolUid) ?? new Map<string, Names>();
    this.#byRevision.set(poolUid, revisions);
    addTo(revisions, revision, name);
    addTo(this.#byPool, poolUid, name);
  }

  remove({ poolUid, revision, name }: MemberKey): void {
    const revisions = this.#byRevision.get(poolUid);
    if (revisions !== undefined) removeFrom(revisions, revision, name);
    if (revisions?.size === 0) this.#byRevision.delete(poolUid);
    removeFrom(this.#byPool, poolUid, name);
  }
}

const addTo = (sets: Map<string, Names>, key: string, name: string): void => {
  sets.set(key, (sets.get(key) ?? new Set()).add(name));
};

const removeFrom = (sets: Map<string, Names>, key: string, name: string): void => {
  const names = sets.get(key);
  names?.delete(name);
  if (names?.size === 0) sets.delete(key);
};
