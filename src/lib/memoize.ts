// Caches what is computed from an immutable object, for as long as that object lives.

/** Returns `compute` with its results cached by key. */
export const memoize = <Key extends object, Value extends object | string>(
  compute: (key: Key) => Value,
): ((key: Key) => Value) => {
  const values = new WeakMap<Key, Value>();
  return (key) => {
    const cached = values.get(key);
    if (cached !== undefined) return cached;
    const value = compute(key);
    values.set(key, value);
    return value;
  };
};
