// Names in the order in which they were added, with both ends at hand.

type Link = { readonly name: string; before: Link | undefined; after: Link | undefined };

/** Every operation takes the same time, however many names there are. A Set has no last element. */
export class OrderedNames {
  readonly #links = new Map<string, Link>();
  #first: Link | undefined;
  #last: Link | undefined;

  get size(): number {
    return this.#links.size;
  }

  get first(): string | undefined {
    return this.#first?.name;
  }

  get last(): string | undefined {
    return this.#last?.name;
  }

  /** Adds a name at the end, unless it is there. */
  add(name: string): void {
    if (this.#links.has(name)) return;
    const link: Link = { name, before: this.#last, after: undefined };
    this.#links.set(name, link);
    if (this.#last === undefined) this.#first = link;
    else this.#last.after = link;
    this.#last = link;
  }

  /** Does nothing if the name is not there. */
  remove(name: string): void {
    const link = this.#links.get(name);
    if (link === undefined) return;
    this.#links.delete(name);
    if (link.before === undefined) this.#first = link.after;
    else link.before.after = link.after;
    if (link.after === undefined) this.#last = link.before;
    else link.after.before = link.before;
  }
}
