// The members that can be handed out, in the order in which they are.

/** Every operation takes the same time, however many members there are. */
export class IdleMembers {
  /** Pool uid → revision → names, the one that has been available longest first. */
  readonly #byPool = new Map<string, Map<string, Set<string>>>();

  has(poolUid: string): boolean {
    return this.#byPool.has(poolUid);
  }

  /** The member to hand out next: of the pool's current revision if there is one, then the one available longest. */
  next(poolUid: string, currentRevision: string): string | undefined {
    const ofPool = this.#byPool.get(poolUid);
    const [first] = ofPool?.get(currentRevision) ?? ofPool?.values().next().value ?? [];
    return first;
  }

  add({ poolUid, revision, name }: MemberKey): void {
    const ofPool = this.#byPool.get(poolUid) ?? new Map<string, Set<string>>();
    this.#byPool.set(poolUid, ofPool);
    ofPool.set(revision, (ofPool.get(revision) ?? new Set()).add(name));
  }

  remove({ poolUid, revision, name }: MemberKey): void {
    const ofPool = this.#byPool.get(poolUid);
    const ofRevision = ofPool?.get(revision);
    ofRevision?.delete(name);
    if (ofRevision?.size === 0) ofPool?.delete(revision);
    if (ofPool?.size === 0) this.#byPool.delete(poolUid);
  }
}

type MemberKey = { readonly poolUid: string; readonly revision: string; readonly name: string };
