// JSON merge patch (RFC 7396, section 2): objects are merged field by field, null removes, everything else replaces.

import { isJsonObject, type JsonObject } from './json.ts';

/** Returns `target` with `patch` applied. Neither is changed. */
export const mergePatch = (target: JsonObject, patch: JsonObject): JsonObject => {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const present = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isJsonObject(value)) merged.set(key, mergePatch(isJsonObject(present) ? present : {}, value));
    else if (value !== undefined) merged.set(key, value);
  }
  return Object.fromEntries(merged);
};
