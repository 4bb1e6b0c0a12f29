/**
 * Gives equal values one object between them, which lives as long as somebody holds it. `keyOf` is
 * equal for equal values, and for no others.
 */
export function createSharing<T extends object>(keyOf: (value: T) => string): (value: T) => T {
  const shared = new Map<string, WeakRef<T>>();
  const gone = new FinalizationRegistry<string>((key) => {
    // An equal value may have come since.
    if (shared.get(key)?.deref() === undefined) shared.delete(key);
  });
  return (value) => {
    const key = keyOf(value);
    const known = shared.get(key)?.deref();
    if (known !== undefined) return known;
    shared.set(key, new WeakRef(value));
    gone.register(value, key);
    return value;
  };
}
