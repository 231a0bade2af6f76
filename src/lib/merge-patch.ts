// JSON merge patch (RFC 7396, section 2): objects are merged member by member, null removes, everything else replaces.

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `patch` makes of `target`. Neither is changed. */
export const mergePatch = (target: JsonObject, patch: JsonObject): JsonObject => {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const present = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isObject(value)) merged.set(key, mergePatch(isObject(present) ? present : {}, value));
    else if (value !== undefined) merged.set(key, value);
  }
  return Object.fromEntries(merged);
};
