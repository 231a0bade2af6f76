// Remembers what is made of an immutable object, for as long as that object lives.

/** `make`, called at most once for each key. */
export const memoize = <Key extends object, Value extends object | string>(
  make: (key: Key) => Value,
): ((key: Key) => Value) => {
  const made = new WeakMap<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
};
