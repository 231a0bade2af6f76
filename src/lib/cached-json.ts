// JSON whose encoding is worth keeping, because the same object is sent again and again.

/** A JSON object that never changes: its encoding may be kept for as long as it lives. A spread of it is an ordinary object. */
export class CachedJson {
  /** For the type only: without it, every object would be one. */
  declare protected readonly isCached: true;

  /** Copies the fields, which must be immutable themselves. */
  static of<T extends object>(fields: T): Readonly<T> {
    const json = Object.assign(new CachedJson(), fields);
    Object.freeze(json);
    return json;
  }
}
