// JSON merge patch (RFC 7396, section 2): objects are merged member by member, null removes, everything else replaces.

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `patch` makes of `target`. Neither is changed. */
export const mergePatch = (target: JsonObject, patch: JsonObject): Record<string, unknown> => {
  const merged: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (isObject(value)) merged[key] = mergePatch(isObject(merged[key]) ? merged[key] : {}, value);
    else if (value !== undefined) merged[key] = value;
  }
  return merged;
};
